import { Ellipsis } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCluster, useCommands, usePage } from '../context.ts';
import { KEYS } from '../keys.ts';
import type { Theme } from '../stores/page-store.ts';
import { IconButton } from './IconButton.tsx';
import { useDisclosure } from './use-disclosure.ts';

/** What is needed less often: a disclosure of plain buttons, closed by Escape and by a click elsewhere. */
export function MoreMenu(): ReactNode {
  const { open, setOpen, root, onKeyDown } = useDisclosure();
  return (
    <div className="more" ref={root} onKeyDown={onKeyDown}>
      <IconButton
        label="More"
        icon={<Ellipsis size={16} />}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      />
      {open ? (
        <MoreItems
          close={() => {
            setOpen(false);
          }}
        />
      ) : null}
    </div>
  );
}

function MoreItems({ close }: { readonly close: () => void }): ReactNode {
  const commands = useCommands();
  const network = usePage((page) => page.networkAllowed);
  const offline = usePage((page) => page.worksOffline);
  const joined = useCluster((view) => view.join !== null);
  const isExample = usePage((page) => page.examples.some(({ key }) => key === page.openKey));
  const item = (label: string, run: () => void, keys: string | null = null): ReactNode => (
    <button
      type="button"
      className="menu-item"
      onClick={() => {
        close();
        run();
      }}
    >
      {label}
      {keys === null ? null : <kbd>{keys}</kbd>}
    </button>
  );
  return (
    <div className="menu">
      <div className="only-small">
        {item('Open a file', commands.openFile)}
        {item('Download the notebook', commands.download)}
        {item('Make a link', () => {
          commands.setDialog('share');
        })}
        <hr />
      </div>
      {item('New notebook', commands.newNotebook)}
      {item('Snapshots: earlier versions', () => {
        commands.setDialog('snapshots');
      })}
      {item('Download as a web page', commands.downloadPage)}
      {item('Download as a TypeScript script', commands.downloadScript)}
      {item(
        'Undo the edit of cells',
        () => {
          commands.perform('undo');
        },
        KEYS.undo,
      )}
      {item('Bring back the deleted cell', commands.restoreCell)}
      {item(
        'Find and replace',
        () => {
          commands.perform('find');
        },
        KEYS.find,
      )}
      {item(
        'All actions',
        () => {
          commands.perform('palette');
        },
        KEYS.palette,
      )}
      {item('Clear all outputs', () => {
        commands.clearOutputs(null);
      })}
      {isExample
        ? item('Start this example afresh', () => {
            commands.setDialog('afresh');
          })
        : null}
      <hr />
      {joined
        ? item('Leave the cluster', commands.leaveCluster)
        : item('Join a cluster', () => {
            commands.proposeJoin('');
          })}
      {item(
        'Task stream',
        () => {
          commands.perform('toggle-stream');
        },
        KEYS.taskStream,
      )}
      {item('Restart kernel', commands.restartKernel, KEYS.restartKernel)}
      <div className="only-phone">
        {item('Restart all engines', () => {
          commands.restartEngines(null);
        })}
      </div>
      <label className="menu-item">
        Allow network for this notebook
        <input
          type="checkbox"
          checked={network}
          onChange={(event) => {
            close();
            commands.setNetworkAllowed(event.target.checked);
          }}
        />
      </label>
      <p className="menu-note">Reloads the page. Cells could then load data, and send it, anywhere.</p>
      {offline ? <p className="menu-note">This page also opens without a network.</p> : null}
      <hr />
      <ThemeChoice />
      <hr />
      {item(
        'Keys',
        () => {
          commands.setDialog('keys');
        },
        KEYS.help,
      )}
    </div>
  );
}

const THEMES: readonly { readonly value: Theme; readonly word: string }[] = [
  { value: 'system', word: 'System' },
  { value: 'light', word: 'Light' },
  { value: 'dark', word: 'Dark' },
];

function ThemeChoice(): ReactNode {
  const commands = useCommands();
  const theme = usePage((page) => page.theme);
  const highContrast = usePage((page) => page.highContrast);
  return (
    <>
      <fieldset className="theme-choice">
        <legend>Theme</legend>
        {THEMES.map(({ value, word }) => (
          <label key={value} className={theme === value ? 'chosen' : ''}>
            <input
              type="radio"
              name="theme"
              className="visually-hidden"
              checked={theme === value}
              onChange={() => {
                commands.setTheme(value);
              }}
            />
            {word}
          </label>
        ))}
      </fieldset>
      <label className="menu-item">
        High contrast
        <input
          type="checkbox"
          checked={highContrast}
          onChange={(event) => {
            commands.setHighContrast(event.target.checked);
          }}
        />
      </label>
    </>
  );
}
