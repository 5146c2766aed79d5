import type { ReactNode } from 'react';
import { useCommands } from '../context.ts';
import { KEY_HELP } from '../keys.ts';
import { Dialog } from './Dialog.tsx';

export function KeysDialog(): ReactNode {
  const commands = useCommands();
  return (
    <Dialog
      title="Keys"
      onClose={() => {
        commands.setDialog(null);
      }}
    >
      {KEY_HELP.map(({ title, rows }) => (
        <section key={title}>
          <h3>{title}</h3>
          <table className="key-table">
            <tbody>
              {rows.map(([keys, meaning]) => (
                <tr key={keys}>
                  <td>
                    <kbd>{keys}</kbd>
                  </td>
                  <td>{meaning}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </Dialog>
  );
}
