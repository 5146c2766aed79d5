import type { ReactNode } from 'react';
import { useCommands, useNotebook } from '../context.ts';
import { Dialog, focusedFirst } from './Dialog.tsx';

/** Asks once before what the reader has written into an example is thrown away. */
export function AfreshDialog(): ReactNode {
  const commands = useCommands();
  const name = useNotebook((view) => view.session.document.name);
  const close = (): void => {
    commands.setDialog(null);
  };
  return (
    <Dialog title="Start this example afresh" onClose={close}>
      <p>
        “{name}” becomes what it was when it came with Tutti. Your changes to it and its outputs are thrown
        away; kernel and engines start empty. To keep a copy, download the notebook first.
      </p>
      <div className="dialog-actions">
        <button ref={focusedFirst} type="button" className="text-button" onClick={close}>
          Keep my changes
        </button>
        <button
          type="button"
          className="text-button primary"
          onClick={() => {
            close();
            commands.startAfresh();
          }}
        >
          Start afresh
        </button>
      </div>
    </Dialog>
  );
}
