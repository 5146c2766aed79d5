import { ChevronDown, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import type { Cell } from '../../notebook/document.ts';
import { type Heading, headingOf, headingsOf } from '../../notebook/headings.ts';
import { type Folds, foldsOf, isFolded } from '../../notebook/sections.ts';
import { useCommands, useNotebook } from '../context.ts';
import { plural } from '../format.ts';
import { IconButton } from './IconButton.tsx';

interface Entry extends Heading {
  readonly cell: Cell;
  /** Cells that its section has beside it; 0 where there is nothing to fold. */
  readonly size: number;
}

/** The headings of the notebook: each leads to its cell, and folds its section here and there. */
export function Contents(): ReactNode {
  const cells = useNotebook((view) => view.session.document.cells);
  const entries = useMemo(() => entriesOf(cells, foldsOf(cells)), [cells]);
  if (entries.length === 0) return <p className="drawer-empty">Headings of Markdown cells appear here.</p>;
  return (
    <ul className="contents">
      {entries.map((entry, i) => (
        <li key={i} style={{ paddingLeft: (Math.min(entry.level, 4) - 1) * 14 }}>
          <ContentsEntry entry={entry} />
        </li>
      ))}
    </ul>
  );
}

/** What a folded section hides is not listed. */
function entriesOf(cells: readonly Cell[], { hidden, sizes }: Folds): readonly Entry[] {
  return cells
    .filter((cell) => cell.kind === 'markdown' && !hidden.has(cell.id))
    .flatMap((cell) => {
      const headings = headingsOf(cell.source);
      const head = headings.findIndex(({ level }) => level === headingOf(cell)?.level);
      return headings.map((heading, i) => ({
        ...heading,
        cell,
        size: i === head ? (sizes.get(cell.id) ?? 0) : 0,
      }));
    });
}

function ContentsEntry({ entry }: { readonly entry: Entry }): ReactNode {
  const { cell, size, text } = entry;
  const commands = useCommands();
  const folded = isFolded(cell);
  const onKeyDown = (event: KeyboardEvent): void => {
    const folds = { ArrowLeft: true, ArrowRight: false }[event.key];
    if (folds === undefined || size === 0) return;
    event.preventDefault();
    commands.setFolded(cell.id, folds);
  };
  return (
    <div className="contents-entry" onKeyDown={onKeyDown}>
      {size === 0 ? (
        <span className="contents-fold" />
      ) : (
        <IconButton
          className="small contents-fold"
          label={`Section “${text}”, ${plural(size, 'cell')}`}
          tip={folded ? `Unfold: ${plural(size, 'cell')} hidden` : 'Fold this section'}
          keys={folded ? '→' : '←'}
          aria-expanded={!folded}
          icon={folded ? <ChevronRight size={14} /> : <ChevronDown size={14} />}
          onClick={() => {
            commands.setFolded(cell.id, !folded);
          }}
        />
      )}
      <button
        type="button"
        className="entry"
        onClick={() => {
          commands.focusCell(cell.id);
        }}
      >
        {text}
      </button>
    </div>
  );
}
