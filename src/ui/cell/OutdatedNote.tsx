import type { ReactNode } from 'react';
import type { Cause } from '../../notebook/upstream.ts';
import { useCommands, useNotebook } from '../context.ts';
import { useTip } from '../shell/Tooltip.tsx';

/** A name that the cell uses has another value by now, or soon will. Pressed, it goes to the cell that gives it. */
export function OutdatedNote({ cause }: { readonly cause: Cause }): ReactNode {
  const commands = useCommands();
  const tips = useTip();
  const number = useNotebook(({ numbers }) => numbers.get(cause.cell));
  if (number === undefined) return null;
  const words = sentenceOf(cause, number);
  const show = (event: { readonly currentTarget: Element }): void => {
    tips.show({ text: words, keys: null, anchor: event.currentTarget.getBoundingClientRect() });
  };
  return (
    <button
      type="button"
      className="outdated-note"
      aria-label={`Outdated: ${words}. Go to cell ${String(number)}`}
      onPointerEnter={show}
      onPointerLeave={tips.hide}
      onFocus={(event) => {
        if (event.currentTarget.matches(':focus-visible')) show(event);
      }}
      onBlur={tips.hide}
      onClick={() => {
        tips.hide();
        commands.focusCell(cause.cell);
      }}
    >
      outdated
    </button>
  );
}

/** ``data` of cell 3 has changed since`. */
function sentenceOf({ names, how }: Cause, number: number): string {
  const one = names.length === 1;
  const verb = {
    changed: one ? 'has changed' : 'have changed',
    edited: one ? 'has been edited' : 'have been edited',
  };
  const what = how === 'outdated' ? (one ? 'is outdated' : 'are outdated') : `${verb[how]} since`;
  return `${names.map((name) => `\`${name}\``).join(', ')} of cell ${String(number)} ${what}`;
}
