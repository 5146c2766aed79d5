import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { ACTIONS, type ActionName } from '../actions.ts';
import { useCommands } from '../context.ts';
import { formatKey } from '../keys.ts';
import { Dialog } from './Dialog.tsx';
import { matchActions } from './palette.ts';
import './palette.css';

/** Every action, found by typing: a combobox over a list, as WAI-ARIA has it. */
export function PaletteDialog(): ReactNode {
  const commands = useCommands();
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  // After the dialog has opened, which gives the focus to its first button.
  useEffect(() => {
    field.current?.focus();
  }, []);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => matchActions(query), [query]);
  const chosen = found[Math.min(at, found.length - 1)];
  const close = (): void => {
    commands.setDialog(null);
  };
  const perform = (name: ActionName): void => {
    close();
    commands.performFromPalette(name);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((before) => Math.max(0, Math.min(found.length - 1, before + step)));
    } else if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault();
      perform(chosen);
    }
  };
  return (
    <Dialog title="All actions" onClose={close}>
      <input
        ref={field}
        className="palette-input"
        role="combobox"
        aria-label="Find an action"
        aria-expanded={found.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        {...(chosen === undefined ? {} : { 'aria-activedescendant': `${list}-${chosen}` })}
        spellCheck={false}
        placeholder="Type to find an action"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {found.length === 0 ? <p className="palette-empty">No action of that name.</p> : null}
      <ul id={list} role="listbox" aria-label="Actions" className="palette-list" tabIndex={-1}>
        {found.map((name) => (
          <PaletteRow
            key={name}
            id={`${list}-${name}`}
            name={name}
            chosen={name === chosen}
            perform={perform}
          />
        ))}
      </ul>
    </Dialog>
  );
}

function PaletteRow(props: {
  readonly id: string;
  readonly name: ActionName;
  readonly chosen: boolean;
  readonly perform: (name: ActionName) => void;
}): ReactNode {
  const { id, name, chosen, perform } = props;
  const { title, group, keys = [] } = ACTIONS[name];
  const before = useRef(false);
  return (
    // The keyboard reaches rows through the combobox.
    <li
      id={id}
      role="option"
      aria-selected={chosen}
      ref={(row) => {
        if (row && chosen && !before.current) row.scrollIntoView({ block: 'nearest' });
        before.current = chosen;
      }}
      onClick={() => {
        perform(name);
      }}
    >
      <span className="palette-title">{title}</span>
      <span className="palette-group">{group}</span>
      <span className="palette-keys">
        {keys.map((key) => (
          <kbd key={key}>{formatKey(key)}</kbd>
        ))}
      </span>
    </li>
  );
}
