import { type ReactNode, useState } from 'react';
import { notebookName } from '../../notebook/notebook-name.ts';
import { useCommands, useNotebook } from '../context.ts';

/** The notebook's name, edited in place: Enter keeps it, Escape does not. */
export function NotebookName(): ReactNode {
  const commands = useCommands();
  const name = useNotebook((view) => view.session.document.name);
  const [text, setText] = useState(name);
  const [seen, setSeen] = useState(name);
  if (name !== seen) {
    setSeen(name);
    setText(name);
  }
  return (
    <span className="notebook-name">
      {/* Gives the field the width of its text. */}
      <span aria-hidden="true">{text || ' '}</span>
      <input
        aria-label="Name of the notebook"
        value={text}
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onBlur={() => {
          const wanted = notebookName(text);
          if (wanted === '' || wanted === name) setText(name);
          else commands.rename(wanted);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setText(name);
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
        }}
      />
    </span>
  );
}
