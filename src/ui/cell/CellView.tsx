import { memo, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { isHidden } from '../../notebook/document-operations.ts';
import type { Cell } from '../../notebook/document.ts';
import { isFolded } from '../../notebook/sections.ts';
import type { CellId } from '../../protocol/ids.ts';
import { useCellFace, useCommands, usePage, useUi } from '../context.ts';
import { CodeEditor, type CodeEditorHandle } from '../editor/CodeEditor.tsx';
import { Beginning } from '../output/Beginning.tsx';
import { CellOutputs } from '../output/CellOutputs.tsx';
import { Prose } from '../output/Prose.tsx';
import { Boundary } from '../shell/Boundary.tsx';
import type { CellFace } from '../stores/cell-faces.ts';
import { cellInWords } from './cell-words.ts';
import { onEditorKey } from './editor-keys.ts';
import { CellToolbar } from './CellToolbar.tsx';
import { FoldNote } from './FoldNote.tsx';
import { Gutter } from './Gutter.tsx';
import { HiddenNote } from './HiddenNote.tsx';
import { MarginNotes } from './MarginNotes.tsx';
import './cell.css';

/**
 * One cell: a group that takes the focus in command mode, its text, what it put out, and in the margins how
 * it fares. It subscribes to its own cell alone, so a cell that streams re-renders nothing but itself.
 */
export const CellView = memo(function CellView({ id }: { readonly id: CellId }): ReactNode {
  const face = useCellFace(id);
  if (!face) return null;
  return (
    <Boundary of={face.cell} instead={<UndrawnCell {...face} />}>
      <PresentCell {...face} />
    </Boundary>
  );
});

/** Characters of a cell that could not be drawn. */
const MOST_UNDRAWN = 10_000;

/** Whatever is in a cell, the notebook around it stays: of one that cannot be drawn the text is there. */
function UndrawnCell({ cell, number, hidden }: CellFace): ReactNode {
  return (
    <div
      role="group"
      aria-label={`Cell ${String(number)}`}
      className="cell"
      hidden={hidden}
      data-cell={cell.id}
    >
      <div className="cell-main">
        <p className="output-note">This cell could not be shown. Its text:</p>
        <Beginning text={cell.source} most={MOST_UNDRAWN}>
          {(shown) => <pre className="text-block">{shown}</pre>}
        </Beginning>
      </div>
    </div>
  );
}

function PresentCell({
  cell,
  number,
  selected,
  inSelection,
  open,
  hidden,
  sectionSize,
  outdated,
}: CellFace): ReactNode {
  const { id, kind } = cell;
  const commands = useCommands();
  const { notebook } = useUi();
  const order = (): readonly CellId[] => {
    const { order: all, folds } = notebook.getState();
    return all.filter((each) => !folds.hidden.has(each));
  };
  const finding = usePage((page) => page.finding);
  const elsewhere = usePage((page) => page.tab === 'elsewhere');
  const editing = usePage((page) => selected && page.mode === 'edit');
  /** The pointer is over it: only then, and while it is selected, it has its tools. */
  const [near, setNear] = useState(false);
  const group = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditorHandle>(null);
  useFocusTarget(id, group, editor);
  const caret = useCallback(() => editor.current?.caret() ?? null, []);
  const inputHidden = isHidden(cell, 'input');
  const current = useCallback(() => commands.sourceOf(id), [commands, id]);

  const classes = ['cell', kind, cell.run.status];
  if (selected) classes.push('selected');
  if (inSelection) classes.push('in-selection');
  if (editing) classes.push('editing');
  if (!open) classes.push('rendered');

  return (
    <div
      ref={group}
      role="group"
      aria-label={`Cell ${String(number)}`}
      aria-description={cellInWords(cell, outdated, elsewhere)}
      aria-current={selected}
      tabIndex={selected ? 0 : -1}
      // Kept in the page, with what its editor and its outputs know.
      hidden={hidden}
      className={classes.join(' ')}
      data-cell={id}
      data-run={cell.run.status}
      onPointerEnter={() => {
        setNear(true);
      }}
      onPointerLeave={() => {
        setNear(false);
      }}
      onFocus={(event) => {
        if (event.target !== event.currentTarget) return;
        commands.selectCell(id);
        commands.modeChanged('command');
      }}
      onKeyDownCapture={(event) => {
        onEditorKey(event, { id, editor: editor.current, commands, order: order() });
      }}
      onPointerDown={(event) => {
        const inEditor = event.target instanceof Element && event.target.closest('.code-editor, button, a');
        if (!inEditor || (event.shiftKey && !selected)) commands.pointAt(id, event.shiftKey);
        if (event.shiftKey && !selected) event.preventDefault();
      }}
    >
      <Gutter cell={cell} sectionSize={sectionSize} />
      <div className="cell-main">
        {inputHidden && open ? <HiddenNote cell={cell} part="input" number={number} /> : null}
        <div className={open && !inputHidden ? 'cell-input' : 'cell-input visually-hidden'}>
          <CodeEditor
            ref={editor}
            cell={id}
            label={`Code of cell ${String(number)}`}
            source={cell.source}
            current={current}
            language={kind === 'code' ? 'code' : 'text'}
            placeholder={kind === 'markdown' ? 'Write Markdown' : ''}
            // Marks lie over coloured text; Monaco draws its own.
            live={selected && !finding}
            onChange={(source) => {
              commands.setSource(id, source);
            }}
            onFocus={() => {
              commands.selectCell(id);
              if (kind === 'markdown') commands.openMarkdown(id);
              if (inputHidden) commands.setHidden(id, 'input', false);
              commands.editorFocused(id, caret);
              commands.modeChanged('edit');
            }}
            onBlur={() => {
              commands.modeChanged('command');
            }}
          />
          {cell.run.status === 'running' ? <span className="running-line" aria-hidden="true" /> : null}
        </div>
        <CellRegion cell={cell} number={number} open={open} selected={selected} />
        {sectionSize > 0 && isFolded(cell) ? <FoldNote id={id} size={sectionSize} /> : null}
      </div>
      {kind === 'code' ? <MarginNotes cell={cell} outdated={outdated} /> : null}
      {selected || near ? <CellToolbar cell={cell} /> : null}
    </div>
  );
}

function CellRegion(props: {
  readonly cell: Cell;
  readonly number: number;
  readonly open: boolean;
  readonly selected: boolean;
}): ReactNode {
  const { cell, open, selected } = props;
  const commands = useCommands();
  const label = `Output of cell ${String(props.number)}`;
  if (cell.kind === 'markdown') {
    return open ? null : (
      <section
        className="cell-prose"
        aria-label={label}
        onDoubleClick={() => {
          commands.focusEditor(cell.id);
        }}
      >
        {cell.source.trim() === '' ? (
          <p className="output-note">Empty Markdown. Double-click, or press Enter, to write.</p>
        ) : (
          <Boundary of={cell.source} instead={<Unrendered source={cell.source} />}>
            <Prose source={cell.source} foreign={cell.foreign} />
          </Boundary>
        )}
      </section>
    );
  }
  const hasRun = cell.run.status !== 'idle' || cell.executionCount !== null;
  if (cell.kind !== 'code' || (!hasRun && cell.outputs.length === 0)) return null;
  return (
    <section className="cell-output" aria-label={label} aria-busy={cell.run.status === 'running'}>
      {isHidden(cell, 'output') && cell.outputs.length > 0 ? (
        <HiddenNote cell={cell} part="output" number={props.number} />
      ) : (
        <CellOutputs outputs={cell.outputs} running={cell.run.status === 'running'} selected={selected} />
      )}
    </section>
  );
}

/** Markdown that could not be rendered: its text, which a double click opens as any other. */
function Unrendered({ source }: { readonly source: string }): ReactNode {
  return (
    <>
      <p className="output-note">This Markdown could not be rendered. Its text:</p>
      <Beginning text={source} most={MOST_UNDRAWN}>
        {(shown) => <pre className="text-block">{shown}</pre>}
      </Beginning>
    </>
  );
}

/** Takes the focus where the page wants it, once. */
function useFocusTarget(
  id: CellId,
  group: React.RefObject<HTMLDivElement | null>,
  editor: React.RefObject<CodeEditorHandle | null>,
): void {
  const { page } = useUi();
  const target = usePage((view) => (view.focus?.cell === id ? view.focus : null));
  useEffect(() => {
    if (!target) return;
    page.setState({ focus: null });
    group.current?.scrollIntoView({ block: 'nearest' });
    if (target.part === 'editor') editor.current?.focus(target.caret);
    else group.current?.focus({ preventScroll: true });
  }, [target, page, group, editor]);
}
