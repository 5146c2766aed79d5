import { type ReactNode, useEffect, useState } from 'react';
import type { SnapshotEntry } from '../commands.ts';
import { useCommands } from '../context.ts';
import { formatBytes, plural } from '../format.ts';
import { Dialog } from '../shell/Dialog.tsx';
import { SnapshotPreview } from './SnapshotPreview.tsx';
import './snapshots.css';

/** Earlier versions of the notebook: what each would change, and the way back to it. */
export function SnapshotsDialog(): ReactNode {
  const commands = useCommands();
  const [entries, setEntries] = useState<readonly SnapshotEntry[] | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let current = true;
    void commands.snapshots().then((found) => {
      if (!current) return;
      setEntries(found);
      setChosen((at) => at ?? found[0]?.at ?? null);
    });
    return () => {
      current = false;
    };
  }, [commands, asked]);
  const close = (): void => {
    commands.setDialog(null);
  };
  return (
    <Dialog title="Snapshots" wide onClose={close}>
      <p className="snapshot-note">
        Earlier versions of this notebook, up to 20, kept in this browser: from when it was opened, from every
        ten minutes of editing, from Save now, and from before another version took its place.
      </p>
      {entries?.length === 0 ? <p className="snapshot-note">There are none yet.</p> : null}
      <div className="snapshots">
        <ul className="snapshot-list" aria-label="Snapshots, the latest first">
          {(entries ?? []).map((entry) => (
            <li key={entry.at}>
              <button
                type="button"
                {...(entry.at === chosen ? { 'aria-current': true } : {})}
                onClick={() => {
                  setChosen(entry.at);
                }}
              >
                <span className="snapshot-time">{TIME.format(entry.at)}</span>
                <span className="snapshot-detail">
                  {WHY[entry.why]} · {plural(entry.cells, 'cell')} · {formatBytes(entry.bytes)}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {chosen === null ? null : <SnapshotPreview key={chosen} at={chosen} />}
      </div>
      <div className="dialog-actions">
        <button
          type="button"
          className="text-button outlined take"
          onClick={() => {
            void commands.takeSnapshot().then(() => {
              setChosen(null);
              setAsked(asked + 1);
            });
          }}
        >
          Take one now
        </button>
        <button
          type="button"
          className="text-button outlined"
          disabled={chosen === null}
          onClick={() => {
            if (chosen !== null) commands.openSnapshot(chosen);
          }}
        >
          Open as a copy
        </button>
        <button
          type="button"
          className="text-button primary"
          disabled={chosen === null}
          onClick={() => {
            if (chosen !== null) commands.restoreSnapshot(chosen);
          }}
        >
          Restore
        </button>
      </div>
    </Dialog>
  );
}

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

const WHY: Readonly<Record<SnapshotEntry['why'], string>> = {
  opened: 'as it was opened',
  edited: 'while editing',
  asked: 'Save now',
  before: 'before another version',
};
