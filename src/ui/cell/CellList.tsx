import { Plus } from 'lucide-react';
import { Fragment, memo, type ReactNode, useState } from 'react';
import type { CellId } from '../../protocol/ids.ts';
import { useCellFace, useCommands, useNotebook, useUi } from '../context.ts';
import { KEYS } from '../keys.ts';
import { IconButton } from '../shell/IconButton.tsx';
import type { NotebookView } from '../stores/notebook-store.ts';
import { type CellBlock, cellBlocks } from './cell-blocks.ts';
import { CellView } from './CellView.tsx';
import { useDropPlace } from './cell-drag.ts';
import { useGrowing } from './growing-list.ts';

/** From here on the browser is told to skip what is out of sight. Not below: what is skipped has no text for
 * those who ask the page for it. */
const LONG = 100;

/** Pixels: a cell that is still to come. */
const CELL = 100;

/** The notebook: its cells, and between them places for new ones. All cells are in the page, since lists that
 * build cells on demand jump while one scrolls; of a long notebook they come step by step. */
export function CellList(): ReactNode {
  const order = useNotebook((view) => view.order);
  const drop = useDropPlace();
  const count = useGrowing(order);
  const blocks = useBlocks(order);
  return (
    <div className={order.length > LONG ? 'cell-list long' : 'cell-list'} {...drop.handlers}>
      {firstOf(blocks, count).map(({ key, cells }) => (
        <Block key={key} cells={cells} dropping={cells.find((id) => id === drop.above) ?? null} />
      ))}
      {count < order.length ? <div style={{ height: (order.length - count) * CELL }} /> : null}
      <InsertBar above={null} dropping={drop.above === null} />
    </div>
  );
}

function useBlocks(order: readonly CellId[]): readonly CellBlock[] {
  const [state, setState] = useState(() => ({ order, blocks: cellBlocks(order, []) }));
  if (state.order === order) return state.blocks;
  const blocks = cellBlocks(order, state.blocks);
  setState({ order, blocks });
  return blocks;
}

/** The blocks with the first `count` cells; the last of them may not be whole. */
function firstOf(blocks: readonly CellBlock[], count: number): readonly CellBlock[] {
  const starts = blocks.map((_block, i) =>
    blocks.slice(0, i).reduce((sum, { cells }) => sum + cells.length, 0),
  );
  return blocks.flatMap(({ key, cells }, i) => {
    const room = count - (starts[i] ?? 0);
    return room <= 0 ? [] : [{ key, cells: room < cells.length ? cells.slice(0, room) : cells }];
  });
}

interface BlockProps {
  readonly cells: readonly CellId[];
  /** Cells that are dragged would go above this one. */
  readonly dropping: CellId | null;
}

const Block = memo(function Block({ cells, dropping }: BlockProps): ReactNode {
  const { notebook } = useUi();
  // Of a block that is skipped the browser remembers the height, and so would not see that cells have been folded away.
  const live = useNotebook(
    ({ session, folds }) =>
      cells.includes(session.selectedCell) ||
      (folds.hidden.size > 0 && cells.some((id) => folds.hidden.has(id))),
  );
  const [guess] = useState(() => guessHeight(cells, notebook.getState()));
  return (
    <div
      className={live ? 'cell-block live' : 'cell-block'}
      style={{ containIntrinsicHeight: `auto ${String(guess)}px` }}
    >
      {cells.map((id) => (
        <Fragment key={id}>
          <InsertBar above={id} dropping={dropping === id} />
          <CellView id={id} />
        </Fragment>
      ))}
    </div>
  );
}, isSameBlock);

function isSameBlock(before: BlockProps, after: BlockProps): boolean {
  return (
    before.dropping === after.dropping &&
    before.cells.length === after.cells.length &&
    before.cells.every((id, i) => id === after.cells[i])
  );
}

/** Pixels, for the scroll bar: what a block takes that has not been seen yet. */
function guessHeight(ids: readonly CellId[], { cells }: NotebookView): number {
  return ids.reduce((height, id) => {
    const cell = cells.get(id);
    const lines = cell ? cell.source.split('\n').length : 1;
    return height + 36 + 20 * lines + (cell && cell.outputs.length > 0 ? 36 : 0);
  }, 0);
}

/** `above`: the cell that the new one goes above; null is the end, where the buttons are always seen. */
const InsertBar = memo(function InsertBar(props: {
  readonly above: CellId | null;
  readonly dropping: boolean;
}): ReactNode {
  const { above } = props;
  const hidden = useCellFace(above)?.hidden === true;
  const [near, setNear] = useState(false);
  if (hidden) return null;
  return (
    <div
      className={`insert-bar${above === null ? ' end' : ''}${props.dropping ? ' dropping' : ''}`}
      onPointerEnter={() => {
        setNear(true);
      }}
      onPointerLeave={() => {
        setNear(false);
      }}
    >
      {near || above === null ? <InsertButtons above={above} /> : null}
    </div>
  );
});

function InsertButtons({ above }: { readonly above: CellId | null }): ReactNode {
  const commands = useCommands();
  const last = useNotebook((view) => view.order.length);
  const place = above === null ? { index: last } : { above };
  // Between cells A and B do the same; Tab goes from cell to cell.
  const tabIndex = above === null ? 0 : -1;
  return (
    <>
      <IconButton
        label="Add a code cell"
        keys={KEYS.insertBelow}
        tip="Add a code cell here"
        icon={<Plus size={14} />}
        text="Code"
        tabIndex={tabIndex}
        onClick={() => {
          commands.insertCell(place, 'code');
        }}
      />
      <IconButton
        label="Add a Markdown cell"
        tip="Add a Markdown cell here"
        icon={<Plus size={14} />}
        text="Markdown"
        tabIndex={tabIndex}
        onClick={() => {
          commands.insertCell(place, 'markdown');
        }}
      />
    </>
  );
}
