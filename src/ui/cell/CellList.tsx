import { Plus } from 'lucide-react';
import { Fragment, memo, type ReactNode, useState } from 'react';
import type { CellId } from '../../protocol/ids.ts';
import { useCommands, useNotebook } from '../context.ts';
import { KEYS } from '../keys.ts';
import { IconButton } from '../shell/IconButton.tsx';
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
  return (
    <div className={order.length > LONG ? 'cell-list long' : 'cell-list'} {...drop.handlers}>
      {order.slice(0, count).map((id) => (
        <Fragment key={id}>
          <InsertBar above={id} dropping={drop.above === id} />
          <CellView id={id} />
        </Fragment>
      ))}
      {count < order.length ? <div style={{ height: (order.length - count) * CELL }} /> : null}
      <InsertBar above={null} dropping={drop.above === null} />
    </div>
  );
}

/** `above`: the cell that the new one goes above; null is the end, where the buttons are always seen. */
const InsertBar = memo(function InsertBar(props: {
  readonly above: CellId | null;
  readonly dropping: boolean;
}): ReactNode {
  const { above } = props;
  const hidden = useNotebook((view) => above !== null && view.folds.hidden.has(above));
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
