import type { ReactNode } from 'react';
import { useCommands } from '../context.ts';
import { Dialog } from '../shell/Dialog.tsx';
import VariablesView from './VariablesView.tsx';

/** The matrix in a window of its own, with room for many engines and for values. */
export default function VariablesDialog(): ReactNode {
  const commands = useCommands();
  return (
    <Dialog
      title="Variables"
      wide
      onClose={() => {
        commands.setDialog(null);
      }}
    >
      <VariablesView wide />
    </Dialog>
  );
}
