import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { RowOrder, TableCell, TableForm } from '../../protocol/looking.ts';
import type { Lane } from '../../protocol/outputs.ts';
import { formatCount, plural } from '../format.ts';
import { usePrinting } from '../use-printing.ts';
import { ShowAll } from './Beginning.tsx';
import { columnWidths, GRID_ROW, isNumeric, TALLEST_GRID } from './grid-sizes.ts';
import { nameOf } from './looking.ts';
import { useRows, type Rows } from './use-rows.ts';
import './data-grid.css';

interface Props {
  readonly table: TableForm;
  /** Who has the rest of it. */
  readonly at: Lane;
}

/** Rows on paper. */
const MOST_PRINTED = 1000;

/** Columns that are drawn at a time: rows are drawn as they come into sight, columns all of them. */
const COLUMN_STEP = 200;

/**
 * A table that draws the rows in sight. The first rows have come along; others are asked for where the table is,
 * when they come into sight, and a table that is not all here is sorted there.
 */
export default function DataGrid({ table, at }: Props): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRows(table, at);
  const [shownColumns, setShownColumns] = useState(COLUMN_STEP);
  const columns = useMemo(() => table.columns.slice(0, shownColumns), [table, shownColumns]);
  const left = table.columns.length - columns.length;
  const names = table.rowNames?.some((name, row) => name !== String(row)) === true ? table.rowNames : null;
  const template = columnWidths(columns, table.rows, names, rows.count).join(' ');
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is compiled
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => GRID_ROW,
    overscan: 12,
  });
  const printing = usePrinting();
  const printed = Math.min(rows.count, table.rows.length, MOST_PRINTED);
  const drawn = printing
    ? Array.from({ length: printed }, (_, index) => ({ index, start: 0 }))
    : virtual.getVirtualItems();
  return (
    <div className="data-grid">
      <div
        ref={scroller}
        className="grid-scroll scrolls"
        role="table"
        aria-label={`Table of ${plural(table.total, 'row')} and ${plural(table.columns.length, 'column')}`}
        aria-rowcount={table.total + 1}
        aria-colcount={table.columns.length + 1}
        // Scrolled by the arrow keys.
        tabIndex={0}
        style={{ maxHeight: TALLEST_GRID }}
      >
        <div role="rowgroup" className="grid-head">
          <div role="row" className="grid-row" style={{ gridTemplateColumns: template }}>
            <div role="columnheader" className="row-name">
              <span className="visually-hidden">Row</span>
            </div>
            {columns.map((name, column) => (
              <Header
                key={column}
                name={name}
                column={column}
                rows={rows}
                numeric={isNumeric(table.rows, column)}
              />
            ))}
          </div>
        </div>
        <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize() }}>
          {drawn.map(({ index, start }) => (
            <div
              key={index}
              role="row"
              aria-rowindex={index + 2}
              className="grid-row"
              style={{ gridTemplateColumns: template, transform: `translateY(${String(start)}px)` }}
            >
              <div role="rowheader" className="row-name">
                {rows.nameOf(index)}
              </div>
              <Cells cells={rows.row(index)} columns={columns.length} />
            </div>
          ))}
        </div>
      </div>
      <GridNote table={table} rows={rows} at={at} printed={printing ? printed : null} />
      {left > 0 ? (
        <ShowAll
          what={`${formatCount(left)} more columns`}
          label={left > COLUMN_STEP ? `Show ${formatCount(COLUMN_STEP)} more` : 'Show all'}
          onClick={() => {
            setShownColumns(shownColumns + COLUMN_STEP);
          }}
        />
      ) : null}
    </div>
  );
}

function Header(props: {
  readonly name: string;
  readonly column: number;
  readonly rows: Rows;
  readonly numeric: boolean;
}): ReactNode {
  const { name, column, rows } = props;
  const className = props.numeric ? 'grid-name number' : 'grid-name';
  const { order } = rows;
  const sorted = order?.column !== column ? 'none' : order.descending ? 'descending' : 'ascending';
  if (!rows.sortable) {
    return (
      <div role="columnheader" className={className}>
        {name}
      </div>
    );
  }
  return (
    <div role="columnheader" className={className} aria-sort={sorted}>
      <button
        type="button"
        title={`Sort by ${name}`}
        onClick={() => {
          rows.sort(next(order, column));
        }}
      >
        <span className="grid-name-text">{name}</span>
        <span className={`sort-mark ${sorted}`} aria-hidden="true" />
      </button>
    </div>
  );
}

/** Up, down, as it was. */
function next(order: RowOrder | null, column: number): RowOrder | null {
  if (order?.column !== column) return { column, descending: false };
  return order.descending ? null : { column, descending: true };
}

function Cells({
  cells,
  columns,
}: {
  readonly cells: readonly TableCell[] | null;
  readonly columns: number;
}): ReactNode {
  if (cells === null) {
    return Array.from({ length: columns }, (_none, i) => (
      <div key={i} role="cell" className="grid-cell waiting">
        …
      </div>
    ));
  }
  return cells.slice(0, columns).map((cell, i) => (
    <div key={i} role="cell" className={`grid-cell ${typeof cell}`} title={titleOf(cell)}>
      {cell === null ? '' : String(cell).slice(0, MOST_CELL)}
    </div>
  ));
}

/** Characters of a cell: its line shows fewer. */
const MOST_CELL = 500;

/** What is cut off can be read under the pointer. */
function titleOf(cell: TableCell): string | undefined {
  const text = String(cell);
  return cell !== null && text.length > 24 ? text.slice(0, 10 * MOST_CELL) : undefined;
}

function GridNote({
  table,
  rows,
  at,
  printed,
}: Props & {
  readonly rows: Rows;
  /** How many rows are on paper; null on the screen. */
  readonly printed: number | null;
}): ReactNode {
  const size = `${plural(table.total, 'row')} × ${plural(table.columns.length, 'column')}`;
  const missing =
    printed !== null && printed < table.total
      ? ` · the first ${formatCount(printed)} are printed`
      : rows.count === table.total
        ? ''
        : rows.gone
          ? ` · ${nameOf(at)} no longer has this table; the first ${formatCount(rows.count)} rows are kept`
          : ` · the first ${formatCount(rows.count)} are shown`;
  return (
    <p className="grid-note" role={rows.gone || rows.slow ? 'status' : undefined}>
      {size}
      {missing}
      {rows.slow ? ` · ${nameOf(at)} is busy; rows come as soon as it looks up` : ''}
    </p>
  );
}
