import type { ReactNode } from 'react';
import { useCommands, usePage } from '../context.ts';
import { KEY_HELP } from '../keys.ts';
import { Dialog } from './Dialog.tsx';

export function KeysDialog(): ReactNode {
  const commands = useCommands();
  const letterKeys = usePage((page) => page.letterKeys);
  return (
    <Dialog
      title="Keys"
      onClose={() => {
        commands.setDialog(null);
      }}
    >
      <label className="letter-keys">
        <input
          type="checkbox"
          checked={letterKeys}
          onChange={(event) => {
            commands.setLetterKeys(event.target.checked);
          }}
        />
        Keys of a single letter act in command mode
      </label>
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
