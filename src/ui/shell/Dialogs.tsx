import { type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { usePage } from '../context.ts';
import type { PageView } from '../stores/page-store.ts';
import { CellTargetsDialog } from '../targets/CellTargetsDialog.tsx';
import { PaletteDialog } from './PaletteDialog.tsx';

type Name = NonNullable<PageView['dialog']>;

/** Those that one types in at once are there from the start; the others come when they are opened first. */
const DIALOGS: Readonly<Record<Name, ComponentType>> = {
  palette: PaletteDialog,
  'cell-targets': CellTargetsDialog,
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
  if (name === null) return null;
  const Dialog = DIALOGS[name];
  return (
    <Suspense fallback={null}>
      <Dialog />
    </Suspense>
  );
}
