import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  memo,
  useEffect,
  useId,
  useMemo,
  useRef,
} from 'react';
import { EngineMark, engineStyle } from '../engines/EngineMark.tsx';
import { plural } from '../format.ts';
import { useTip } from '../shell/Tooltip.tsx';
import { cellLabel, laneName, type MatrixRow, rowOf, sizeText, typeText } from './matrix.ts';
import type { LaneVariables } from './variables.ts';
import { VariableSign } from './VariableSign.tsx';

/** Pixels. */
const ROW = 24;

/** A cell, by its row's name and its place in the row; 0 is the name itself. */
export interface Place {
  readonly name: string;
  readonly column: number;
}

interface Props {
  readonly lanes: readonly LaneVariables[];
  readonly names: readonly string[];
  readonly wide: boolean;
  readonly active: Place | null;
  readonly onActive: (place: Place) => void;
  /** Enter, or a second click. */
  readonly onOpen: (place: Place) => void;
  /** Escape; true: something was closed by it. */
  readonly onEscape: () => boolean;
  /** To give the focus back. */
  readonly grid: RefObject<HTMLDivElement | null>;
}

/** The matrix itself: one stop for Tab, arrows inside; it draws the rows in sight. */
export function VariableGrid(props: Props): ReactNode {
  const { lanes, names, wide, active, grid } = props;
  const id = useId();
  const tips = useTip();
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is compiled
  const virtual = useVirtualizer({
    count: names.length,
    getScrollElement: () => grid.current,
    estimateSize: () => ROW,
    // The head covers the first of them.
    scrollPaddingStart: ROW,
    overscan: 10,
  });
  const activeRow = active === null ? -1 : names.indexOf(active.name);
  const scrolledTo = useRef(activeRow);
  useEffect(() => {
    if (activeRow >= 0 && scrolledTo.current !== activeRow) virtual.scrollToIndex(activeRow);
    scrolledTo.current = activeRow;
  }, [activeRow, virtual]);
  const column = Math.min(active?.column ?? 0, lanes.length);
  // Engines that lie beyond the edge come into sight as the arrows reach them.
  useEffect(() => {
    if (activeRow < 0) return;
    const cell = document.getElementById(`${id}-${String(activeRow)}-${String(column)}`);
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [id, activeRow, column]);
  const style = columnsOf(lanes.length, wide);
  const many = lanes.length > 5 && !wide ? ' many' : '';
  return (
    <div
      ref={grid}
      className={`variable-grid scrolls${many}`}
      role="grid"
      aria-label="Variables"
      aria-rowcount={names.length + 1}
      aria-colcount={lanes.length + 1}
      aria-readonly="true"
      {...(activeRow < 0 ? {} : { 'aria-activedescendant': `${id}-${String(activeRow)}-${String(column)}` })}
      tabIndex={0}
      onFocus={() => {
        const [first] = names;
        if (activeRow < 0 && first !== undefined) props.onActive({ name: first, column: 0 });
      }}
      onKeyDown={(event) => {
        if (moveWithKeys(event, props, activeRow, column)) {
          event.preventDefault();
          event.stopPropagation();
        }
      }}
    >
      <Head lanes={lanes} style={style} />
      <div
        role="rowgroup"
        className="variable-rows"
        style={{ height: virtual.getTotalSize() }}
        onPointerDown={(event) => {
          const found = placeUnder(event.target);
          tips.hide();
          if (found) props.onActive(found.place);
        }}
        onDoubleClick={(event) => {
          const found = placeUnder(event.target);
          if (found) props.onOpen(found.place);
        }}
        onPointerOver={(event) => {
          const found = placeUnder(event.target);
          const text = found && tipOf(found.place, lanes);
          if (found && text !== null) {
            tips.show({ text, keys: null, anchor: found.element.getBoundingClientRect() });
          } else tips.hide();
        }}
        onPointerLeave={tips.hide}
      >
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div
            key={names[index]}
            role="row"
            aria-rowindex={index + 2}
            data-name={names[index]}
            className={index === activeRow ? 'variable-row active' : 'variable-row'}
            style={{ ...style, transform: `translateY(${String(start)}px)` }}
          >
            <Row
              name={names[index] ?? ''}
              lanes={lanes}
              id={`${id}-${String(index)}`}
              active={index === activeRow ? column : null}
              wide={wide}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

/** Of a row: names, signs, in a window also what they are. It gets no wider than its place unless it must. */
function columnsOf(
  lanes: number,
  wide: boolean,
): { readonly gridTemplateColumns: string; readonly minWidth: string } {
  const sign = wide ? 28 : lanes <= 5 ? 26 : 19;
  const [name, gist] = wide ? [140, 220] : [76, 0];
  return {
    gridTemplateColumns:
      `minmax(${String(name)}px, 1fr) repeat(${String(lanes)}, ${String(sign)}px)` +
      (wide ? ` minmax(${String(gist)}px, 2fr)` : ''),
    minWidth: `max(100%, ${String(name + lanes * sign + gist + 8)}px)`,
  };
}

function Head(props: { readonly lanes: readonly LaneVariables[]; readonly style: CSSProperties }): ReactNode {
  const tips = useTip();
  return (
    <div role="rowgroup" className="variable-head" style={{ minWidth: props.style.minWidth }}>
      <div role="row" aria-rowindex={1} className="variable-row" style={props.style}>
        <div role="columnheader" className="variable-name">
          Name
        </div>
        {props.lanes.map(({ lane, state }) => (
          <div
            key={lane ?? 'k'}
            role="columnheader"
            className={`variable-lane ${state}`}
            {...(lane === null ? {} : { style: engineStyle(lane) })}
            onPointerEnter={(event) => {
              tips.show({
                text: lane === null ? 'The kernel' : `Engine ${String(lane)}${stateText(state)}`,
                keys: null,
                anchor: event.currentTarget.getBoundingClientRect(),
              });
            }}
            onPointerLeave={tips.hide}
          >
            <span className="visually-hidden">{`${laneName(lane)}${state === 'fresh' ? '' : `, ${state}`}`}</span>
            {lane === null ? null : <EngineMark engine={lane} size={9} />}
            <span aria-hidden="true">{lane === null ? 'k' : String(lane)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

function stateText(state: LaneVariables['state']): string {
  switch (state) {
    case 'fresh':
      return '';
    case 'busy':
      return ' is busy';
    case 'dead':
      return ' is dead';
    case 'closed':
      return ': on another machine';
  }
}

interface RowProps {
  readonly name: string;
  readonly lanes: readonly LaneVariables[];
  readonly id: string;
  /** The place that has the reader's attention, if it is in this row. */
  readonly active: number | null;
  readonly wide: boolean;
}

/** Drawn again only when something in it is another: while one scrolls, rows just come and go. */
const Row = memo(function Row({ name, lanes, id, active, wide }: RowProps): ReactNode {
  const row = useMemo(() => rowOf(name, lanes), [name, lanes]);
  return (
    <>
      <div
        role="rowheader"
        id={`${id}-0`}
        data-column={0}
        aria-selected={active === 0}
        className="variable-name"
        title={name}
      >
        {name}
      </div>
      {row.cells.map((cell, i) => (
        <div
          key={cell.lane ?? 'k'}
          role="gridcell"
          id={`${id}-${String(i + 1)}`}
          data-column={i + 1}
          aria-selected={active === i + 1}
          aria-label={cellLabel(name, cell)}
        >
          <VariableSign cell={cell} />
        </div>
      ))}
      {wide ? (
        <div role="gridcell" className="variable-gist">
          {gistOf(row)}
        </div>
      ) : null}
    </>
  );
});

/** The cell of the matrix that a pointer is on, as the page has it. */
function placeUnder(target: EventTarget): { readonly place: Place; readonly element: Element } | null {
  const element = target instanceof Element ? target.closest('[data-column]') : null;
  const name = element?.closest<HTMLElement>('[data-name]')?.dataset['name'];
  if (!element || name === undefined) return null;
  return { place: { name, column: Number(element.getAttribute('data-column')) }, element };
}

/** What is told of a cell under the pointer; null for an empty one, and for names. */
function tipOf({ name, column }: Place, lanes: readonly LaneVariables[]): string | null {
  const cell = rowOf(name, lanes).cells[column - 1];
  if (!cell || cell.presence === 'absent') return null;
  const label = cellLabel(name, cell);
  const { variable } = cell;
  return variable ? `${label}, ${sizeText(variable)}: ${shortened(variable.text)}` : label;
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Of a row in a line: what it is, and how much. */
function gistOf({ cells, parts }: MatrixRow): string {
  const known = cells.flatMap(({ variable }) => variable ?? []);
  const [first] = known;
  if (!first) return '';
  const types = new Set(known.map(({ type }) => type));
  const type = types.size > 1 ? plural(types.size, 'type') : parts === null ? typeText(first) : first.type;
  const isSame = new Set(known.map(({ digest }) => digest)).size === 1;
  return [
    type,
    ...(parts === null ? [] : [parts]),
    ...(isSame && first.text !== first.type ? [shortened(first.text)] : []),
  ].join(' · ');
}

/** True: the key was one of the grid's. */
function moveWithKeys(
  event: KeyboardEvent,
  { names, lanes, onActive, onOpen, onEscape }: Props,
  row: number,
  column: number,
): boolean {
  const whole = event.ctrlKey || event.metaKey;
  const last = names.length - 1;
  if (event.key === 'Escape') return onEscape();
  if (last < 0 || row < 0 || event.altKey) return false;
  const go = (toRow: number, toColumn: number): true => {
    const name = names[Math.max(0, Math.min(last, toRow))] ?? '';
    onActive({ name, column: Math.max(0, Math.min(lanes.length, toColumn)) });
    return true;
  };
  switch (event.key) {
    case 'ArrowDown':
      return go(row + 1, column);
    case 'ArrowUp':
      return go(row - 1, column);
    case 'ArrowRight':
      return go(row, column + 1);
    case 'ArrowLeft':
      return go(row, column - 1);
    case 'Home':
      return go(whole ? 0 : row, 0);
    case 'End':
      return go(whole ? last : row, lanes.length);
    case 'PageDown':
      return go(row + 15, column);
    case 'PageUp':
      return go(row - 15, column);
    case 'Enter':
      onOpen({ name: names[row] ?? '', column });
      return true;
    default:
      return false;
  }
}
