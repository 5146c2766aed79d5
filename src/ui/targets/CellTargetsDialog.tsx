import { type ReactNode, useEffect, useRef, useState } from 'react';
import { readAim, type CellAim } from '../../notebook/cell-aim.ts';
import type { CellId } from '../../protocol/ids.ts';
import { useCluster, useCommands, useNotebook } from '../context.ts';
import { formatEngines } from '../format.ts';
import { Dialog } from '../shell/Dialog.tsx';
import { TargetChoice } from './TargetChoice.tsx';

type Chosen = Exclude<CellAim, { readonly type: 'other' }>;

/** Where the selected cell runs: written into its first line. */
export default function CellTargetsDialog(): ReactNode {
  const commands = useCommands();
  const id = useNotebook(({ session }) => session.selectedCell);
  const number = useNotebook(({ numbers }) => numbers.get(id) ?? 0);
  const kind = useNotebook(({ cells }) => cells.get(id)?.kind ?? 'code');
  const [aim] = useState(() => readAim(commands.sourceOf(id)));
  const body = useRef<HTMLDivElement>(null);
  // After the dialog has opened, which gives the focus to its first button.
  useEffect(() => {
    const chosen = body.current?.querySelector<HTMLElement>('input:checked');
    chosen?.focus();
  }, []);
  const close = (): void => {
    commands.setDialog(null);
  };
  return (
    <Dialog title={`Where cell ${String(number)} runs`} onClose={close}>
      {kind !== 'code' ? (
        <p>Not a code cell; it doesn’t run.</p>
      ) : aim.type === 'other' ? (
        <p>
          The cell begins with <code>{aim.magic}</code>. Where it runs is for you to write there.
        </p>
      ) : (
        <div ref={body}>
          <AimForm id={id} aim={aim} close={close} />
        </div>
      )}
    </Dialog>
  );
}

interface FormProps {
  readonly id: CellId;
  readonly aim: Chosen;
  readonly close: () => void;
}

function AimForm({ id, aim, close }: FormProps): ReactNode {
  const commands = useCommands();
  const targets = useCluster((view) => view.targets);
  const [chosen, setChosen] = useState<Chosen>(aim);
  const usual = targets === 'all' ? 'all engines' : formatEngines(targets);
  return (
    <form
      className="cell-aim"
      onSubmit={(event) => {
        event.preventDefault();
        close();
        commands.setCellAim(id, chosen);
      }}
    >
      <TargetChoice
        label="Where the cell runs"
        options={[
          { value: 'kernel', title: 'Kernel', note: 'here, on no engine', keys: 'K' },
          { value: 'usual', title: 'Where %px goes', note: `now ${usual}`, keys: 'P' },
          { value: 'all', title: 'All engines', keys: 'A' },
          ...(aim.type === 'expression'
            ? [{ value: 'expression', title: 'As it says', note: aim.text }]
            : []),
        ]}
        value={chosen.type === 'engines' ? null : chosen.type}
        engines={chosen.type === 'engines' ? chosen.engines : []}
        onOption={(value) => {
          setChosen(value === aim.type ? aim : ({ type: value } as Chosen));
        }}
        onEngines={(engines) => {
          setChosen({ type: 'engines', engines });
        }}
      />
      <p className="menu-note">Keys: K, P, A, and the numbers of engines. Enter sets it; Z takes it back.</p>
      <div className="dialog-actions">
        <button type="button" className="text-button" onClick={close}>
          Cancel
        </button>
        <button type="submit" className="text-button primary">
          Set
        </button>
      </div>
    </form>
  );
}
