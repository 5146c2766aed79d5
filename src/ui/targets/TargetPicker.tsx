import { ChevronDown } from 'lucide-react';
import { lazy, type ReactNode } from 'react';
import type { PxTargets } from '../../protocol/kernel-messages.ts';
import { useCluster, useNotebook } from '../context.ts';
import { formatEngines } from '../format.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { LazyPart, Missing } from '../shell/LazyPart.tsx';
import { useDisclosure } from '../shell/use-disclosure.ts';
import './target-picker.css';

const TargetMenu = lazy(() => import('./TargetMenu.tsx'));

/** In the bar: where `%px` goes, as the kernel says, and the way to change it. */
export function TargetPicker(): ReactNode {
  const targets = useCluster((view) => view.targets);
  const autopx = useNotebook((view) => view.session.autopx);
  const { open, setOpen, root, onKeyDown } = useDisclosure();
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
      {open ? (
        <LazyPart
          instead={
            <div className="menu target-menu">
              <Missing />
            </div>
          }
        >
          <TargetMenu targets={targets} isAutopx={autopx !== null} />
        </LazyPart>
      ) : null}
    </div>
  );
}

function wordsOf(targets: PxTargets): string {
  return targets === 'all' ? 'all' : formatEngines(targets) || 'no engine';
}
