import { type KeyboardEvent, memo, type ReactNode, useCallback, useEffect, useRef } from 'react';
import type { Cell } from '../../notebook/document.ts';
import type { CellId } from '../../protocol/ids.ts';
import { useCommands, useNotebook, usePage, useUi } from '../context.ts';
import { CodeEditor, type CodeEditorHandle } from '../editor/CodeEditor.tsx';
import { CellOutputs } from '../output/CellOutputs.tsx';
import { Prose } from '../output/Prose.tsx';
import { CellToolbar } from './CellToolbar.tsx';
import { Gutter } from './Gutter.tsx';
import { MarginNotes } from './MarginNotes.tsx';
import './cell.css';

/**
 * One cell: a group that takes the focus in command mode, its text, what it put out, and in the margins how
 * it fares. It subscribes to its own cell alone, so a cell that streams re-renders nothing but itself.
 */
export const CellView = memo(function CellView({ id }: { readonly id: CellId }): ReactNode {
  const cell = useNotebook((view) => view.cells.get(id));
  return cell ? <PresentCell cell={cell} /> : null;
});

function PresentCell({ cell }: { readonly cell: Cell }): ReactNode {
  const { id, kind } = cell;
  const commands = useCommands();
  const number = useNotebook((view) => view.numbers.get(id) ?? 0);
  const selected = useNotebook((view) => view.session.selectedCell === id);
  const open = useNotebook((view) => kind !== 'markdown' || view.session.openMarkdown.includes(id));
  const editing = usePage((page) => selected && page.mode === 'edit');
  const group = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditorHandle>(null);
  useFocusTarget(id, group, editor);
  const current = useCallback(() => commands.sourceOf(id), [commands, id]);

  const classes = ['cell', kind, cell.run.status];
  if (selected) classes.push('selected');
  if (editing) classes.push('editing');
  if (!open) classes.push('rendered');

  return (
    <div
      ref={group}
      role="group"
      aria-label={`Cell ${String(number)}`}
      aria-current={selected}
      tabIndex={selected ? 0 : -1}
      className={classes.join(' ')}
      data-run={cell.run.status}
      onFocus={(event) => {
        if (event.target !== event.currentTarget) return;
        commands.selectCell(id);
        commands.modeChanged('command');
      }}
      onKeyDownCapture={(event) => {
        onEditorKey(event, id, editor.current, commands);
      }}
    >
      <Gutter cell={cell} />
      <div className="cell-main">
        <div className={open ? 'cell-input' : 'cell-input visually-hidden'}>
          <CodeEditor
            ref={editor}
            cell={id}
            label={`Code of cell ${String(number)}`}
            source={cell.source}
            current={current}
            language={kind === 'code' ? 'code' : 'text'}
            placeholder={kind === 'markdown' ? 'Write Markdown' : ''}
            live={selected}
            onChange={(source) => {
              commands.setSource(id, source);
            }}
            onFocus={() => {
              commands.selectCell(id);
              if (kind === 'markdown') commands.openMarkdown(id);
              commands.modeChanged('edit');
            }}
            onBlur={() => {
              commands.modeChanged('command');
            }}
          />
          {cell.run.status === 'running' ? <span className="running-line" aria-hidden="true" /> : null}
        </div>
        <CellRegion cell={cell} number={number} open={open} />
      </div>
      {kind === 'code' ? <MarginNotes cell={cell} /> : null}
      <CellToolbar id={id} kind={kind} />
    </div>
  );
}

function CellRegion(props: {
  readonly cell: Cell;
  readonly number: number;
  readonly open: boolean;
}): ReactNode {
  const { cell, open } = props;
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
          <Prose source={cell.source} />
        )}
      </section>
    );
  }
  const hasRun = cell.run.status !== 'idle' || cell.executionCount !== null;
  if (cell.kind !== 'code' || (!hasRun && cell.outputs.length === 0)) return null;
  return (
    <section className="cell-output" aria-label={label} aria-busy={cell.run.status === 'running'}>
      <CellOutputs outputs={cell.outputs} running={cell.run.status === 'running'} />
    </section>
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

/** The keys that mean the notebook also while one types; seen before Monaco sees them. */
function onEditorKey(
  event: KeyboardEvent,
  id: CellId,
  editor: CodeEditorHandle | null,
  commands: ReturnType<typeof useCommands>,
): void {
  if (
    !(event.target instanceof Element) ||
    !event.target.closest('.code-editor') ||
    event.nativeEvent.isComposing
  )
    return;
  const command = event.ctrlKey || event.metaKey;
  const act = (action: () => void): void => {
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  if (event.key === 'Enter' && event.shiftKey && !command)
    act(() => {
      commands.runCell(id, 'next');
    });
  else if (event.key === 'Enter' && command && !event.shiftKey)
    act(() => {
      commands.runCell(id, 'stay');
    });
  else if (event.key === 'Enter' && event.altKey)
    act(() => {
      commands.runCell(id, 'insert');
    });
  else if (event.key === 'Escape' && !(editor?.wantsEscape() ?? false))
    act(() => {
      commands.focusCell(id);
    });
  else if (event.key.toLowerCase() === 'm' && event.ctrlKey)
    act(() => {
      commands.focusCell(id);
    });
}
