import { type ComponentType, lazy, type ReactNode, useEffect } from 'react';
import { useCommands, usePage } from '../context.ts';
import type { PageView } from '../stores/page-store.ts';
import { Dialog } from './Dialog.tsx';
import { LazyPart, Missing } from './LazyPart.tsx';
import { PaletteDialog } from './PaletteDialog.tsx';

type Name = NonNullable<PageView['dialog']>;

const loadCellTargets = () => import('../targets/CellTargetsDialog.tsx');

/** Milliseconds. Its keys are pressed right behind the one that opens it, so it is there before. */
const CELL_TARGETS_AFTER = 1500;

/** The one that one types in at once is there from the start; the others come when they are opened first. */
const DIALOGS: Readonly<Record<Name, ComponentType>> = {
  palette: PaletteDialog,
  'cell-targets': lazy(loadCellTargets),
  share: lazy(async () => ({ default: (await import('./ShareDialog.tsx')).ShareDialog })),
  keys: lazy(async () => ({ default: (await import('./KeysDialog.tsx')).KeysDialog })),
  afresh: lazy(async () => ({ default: (await import('./AfreshDialog.tsx')).AfreshDialog })),
  join: lazy(async () => ({ default: (await import('../join/JoinDialog.tsx')).JoinDialog })),
  snapshots: lazy(async () => ({
    default: (await import('../snapshots/SnapshotsDialog.tsx')).SnapshotsDialog,
  })),
  variables: lazy(() => import('../variables/VariablesDialog.tsx')),
};

/** The dialog that is open, if one is. */
export function Dialogs(): ReactNode {
  const name = usePage((page) => page.dialog);
  useEffect(() => {
    // What does not come now is asked for again when it is opened.
    const timer = setTimeout(() => void loadCellTargets().catch(() => undefined), CELL_TARGETS_AFTER);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  if (name === null) return null;
  const Opened = DIALOGS[name];
  return (
    <LazyPart key={name} instead={<MissingDialog />}>
      <Opened />
    </LazyPart>
  );
}

function MissingDialog(): ReactNode {
  const commands = useCommands();
  return (
    <Dialog
      title="Not here"
      onClose={() => {
        commands.setDialog(null);
      }}
    >
      <Missing />
    </Dialog>
  );
}
