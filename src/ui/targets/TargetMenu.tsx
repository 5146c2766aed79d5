import { type ReactNode, useState } from 'react';
import type { PxTargets } from '../../protocol/kernel-messages.ts';
import { useCommands, useNotebook } from '../context.ts';
import { KEYS } from '../keys.ts';
import { TargetChoice } from './TargetChoice.tsx';

/** What the picker in the bar opens. */
export default function TargetMenu({
  targets,
  isAutopx,
}: {
  readonly targets: PxTargets;
  readonly isAutopx: boolean;
}): ReactNode {
  const commands = useCommands();
  const busy = useNotebook(({ session }) => session.kernel.status === 'busy');
  /** What the reader wants until the kernel has said so. */
  const [wanted, setWanted] = useState<PxTargets | null>(null);
  const isTold = wanted !== null && String(wanted) === String(targets);
  if (isTold) setWanted(null);
  const shown = wanted ?? targets;
  const set = (next: PxTargets): void => {
    setWanted(next);
    commands.setTargets(next);
  };
  return (
    <div className="menu target-menu" role="dialog" aria-label="Targets of %px">
      <TargetChoice
        label="Where %px goes"
        options={[{ value: 'all', title: 'All engines', note: 'those that there are', keys: 'A' }]}
        value={shown === 'all' ? 'all' : null}
        engines={shown === 'all' ? [] : shown}
        onOption={() => {
          set('all');
        }}
        onEngines={set}
      />
      <p className="menu-note">
        {busy && wanted !== null ? (
          'As soon as the running cell has ended.'
        ) : (
          <>
            As <code>%pxconfig --targets {shown === 'all' ? 'all' : shown.join(',')}</code>; a cell’s own{' '}
            <code>--targets</code> goes first.
          </>
        )}
      </p>
      <hr />
      <label className="menu-item">
        <span>
          Every cell runs there <span className="target-note">%autopx</span>
        </span>
        <kbd>{KEYS.autopx}</kbd>
        <input type="checkbox" role="switch" checked={isAutopx} onChange={commands.toggleAutopx} />
      </label>
    </div>
  );
}
