import { memo, useMemo, type ReactNode } from 'react';
import { type AnsiStyle, parseAnsi, PLAIN } from './ansi.ts';

/** Text as a terminal would show it; always as text, never as markup. */
export const AnsiText = memo(function AnsiText({ text }: { readonly text: string }): ReactNode {
  const runs = useMemo(() => parseAnsi(text), [text]);
  return runs.map((run, i) =>
    run.style === PLAIN ? (
      run.text
    ) : (
      <span key={i} className={classesOf(run.style)}>
        {run.text}
      </span>
    ),
  );
});

function classesOf(style: AnsiStyle): string {
  const classes = (['bold', 'faint', 'italic', 'underline'] as const)
    .filter((name) => style[name])
    .map((name) => `ansi-${name}`);
  if (style.color !== null) classes.push(`ansi-${String(style.color)}`);
  if (style.background !== null) classes.push(`ansi-bg-${String(style.background % 8)}`);
  return classes.join(' ');
}
