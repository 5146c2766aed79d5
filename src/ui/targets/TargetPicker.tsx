import { ChevronDown } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { PxTargets } from '../../protocol/kernel-messages.ts';
import { useCluster, useCommands, useNotebook } from '../context.ts';
import { formatEngines } from '../format.ts';
import { KEYS } from '../keys.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { TargetChoice } from './TargetChoice.tsx';

/** In the bar: where `%px` goes, as the kernel says, and the way to change it. */
export function TargetPicker(): ReactNode {
  const targets = useCluster((view) => view.targets);
  const autopx = useNotebook((view) => view.session.autopx);
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', onPointer);
    return () => {
      document.removeEventListener('pointerdown', onPointer);
    };
  }, [open]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open) return;
    setOpen(false);
    root.current?.querySelector('button')?.focus();
  };
  const words = wordsOf(targets);
  const name =
    autopx === null
      ? `Targets of %px: ${targets === 'all' ? 'all engines' : words}`
      : `%autopx is on: every cell runs on ${autopx}`;
  return (
    <div className="target-picker" ref={root} onKeyDown={onKeyDown}>
      <IconButton
        className={autopx === null ? 'target-button' : 'target-button autopx'}
        label={name}
        tip={autopx === null ? 'Where %px goes' : name}
        icon={<span className="target-magic">{autopx === null ? '%px' : '%autopx'}</span>}
        text={`→ ${autopx ?? words}`}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => {
          setOpen(!open);
        }}
      />
      <ChevronDown className="target-arrow" size={12} aria-hidden="true" />
      {open ? <Choice targets={targets} isAutopx={autopx !== null} /> : null}
    </div>
  );
}

function Choice({
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

function wordsOf(targets: PxTargets): string {
  return targets === 'all' ? 'all' : formatEngines(targets) || 'no engine';
}
