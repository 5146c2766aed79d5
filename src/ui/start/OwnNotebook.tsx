import { Copy, Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { notebookName } from '../../notebook/notebook-name.ts';
import { useCommands, usePage } from '../context.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { KeepOr } from '../shell/KeepOr.tsx';
import type { NotebookEntry } from '../stores/page-store.ts';

type Doing = 'nothing' | 'renaming' | 'deleting';

/** A kept notebook: a click opens it; renamed, duplicated and deleted in place. */
export function OwnNotebook({ entry }: { readonly entry: NotebookEntry }): ReactNode {
  const commands = useCommands();
  const isOpen = usePage((page) => page.openKey === entry.key);
  const [doing, setDoing] = useState<Doing>('nothing');
  const done = (): void => {
    setDoing('nothing');
  };
  const row = useRef<HTMLLIElement>(null);
  const before = useRef(doing);
  useEffect(() => {
    // What had the focus is gone with the field or the question: it stays in the row.
    const isLost = document.activeElement === document.body;
    if (doing === 'nothing' && before.current !== doing && isLost) openButton(row.current)?.focus();
    before.current = doing;
  }, [doing]);
  return (
    <li
      ref={row}
      className={`own-notebook ${doing}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') done();
      }}
    >
      {doing === 'renaming' ? (
        <NameField
          name={entry.title}
          keep={(name) => {
            done();
            if (name !== '' && name !== entry.title) commands.renameEntry(entry.key, name);
          }}
        />
      ) : (
        <button
          type="button"
          className="own-open"
          {...(isOpen ? { 'aria-current': 'page' as const } : {})}
          onClick={() => {
            commands.openEntry(entry.key);
          }}
        >
          <span className="own-title">{entry.title}</span>
          <span className="own-detail">
            {isOpen ? 'open · ' : ''}
            {entry.detail}
          </span>
        </button>
      )}
      {doing === 'deleting' ? (
        <DeleteQuestion
          answer={(yes) => {
            done();
            if (!yes) return;
            openButton(row.current?.nextElementSibling ?? row.current?.previousElementSibling)?.focus();
            commands.deleteEntry(entry.key);
          }}
        />
      ) : (
        <span className="own-actions">
          <IconButton
            className="small"
            label={`Rename ${entry.title}`}
            icon={<Pencil size={14} />}
            onClick={() => {
              setDoing('renaming');
            }}
          />
          <IconButton
            className="small"
            label={`Duplicate ${entry.title}`}
            icon={<Copy size={14} />}
            onClick={() => {
              commands.duplicateEntry(entry.key);
            }}
          />
          <IconButton
            className="small"
            label={`Delete ${entry.title}`}
            icon={<Trash2 size={14} />}
            onClick={() => {
              setDoing('deleting');
            }}
          />
        </span>
      )}
    </li>
  );
}

function openButton(row: Element | null | undefined): HTMLElement | null {
  return row?.querySelector<HTMLElement>('.own-open') ?? null;
}

function NameField(props: { readonly name: string; readonly keep: (name: string) => void }): ReactNode {
  const [text, setText] = useState(props.name);
  const settled = useRef(false);
  const keep = (): void => {
    if (settled.current) return;
    settled.current = true;
    props.keep(notebookName(text));
  };
  return (
    <form
      className="own-rename"
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      <input
        autoFocus
        aria-label={`New name of ${props.name}`}
        value={text}
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onFocus={(event) => {
          event.currentTarget.select();
        }}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Escape') settled.current = true;
        }}
      />
    </form>
  );
}

function DeleteQuestion({ answer }: { readonly answer: (yes: boolean) => void }): ReactNode {
  return (
    <span className="own-question">
      <span>Delete it, with its files, snapshots and task history?</span>
      <KeepOr
        verb="Delete"
        onKeep={() => {
          answer(false);
        }}
        onDo={() => {
          answer(true);
        }}
      />
    </span>
  );
}
