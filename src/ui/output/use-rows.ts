import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import {
  MOST_SORTED,
  type LookAnswer,
  type RowOrder,
  type TableCell,
  type TableForm,
} from '../../protocol/looking.ts';
import type { Lane } from '../../protocol/outputs.ts';
import { useUi } from '../context.ts';
import { MOST_ROWS } from './grid-sizes.ts';
import { SOON } from './looking.ts';
import { sortRows } from './sort-rows.ts';

const PAGE = 200;

/** The rows of a table, by their place in the order chosen. */
export interface Rows {
  /** How many can be shown. */
  readonly count: number;
  readonly order: RowOrder | null;
  readonly sortable: boolean;
  /** Whoever had the table does not have it any more. */
  readonly gone: boolean;
  readonly slow: boolean;
  sort(order: RowOrder | null): void;
  /** Null while it is on its way. */
  row(index: number): readonly TableCell[] | null;
  nameOf(index: number): string;
}

interface Page {
  readonly rows: readonly (readonly TableCell[])[];
  readonly names: readonly string[] | null;
}

export function useRows(table: TableForm, at: Lane): Rows {
  const [order, setOrder] = useState<RowOrder | null>(null);
  const [gone, setGone] = useState(false);
  const isWhole = table.rows.length === table.total;
  const isLocal = isWhole || gone || table.handle === null;
  const local = useMemo(() => sortRows(table, isLocal ? order : null), [table, isLocal, order]);
  const remote = usePages(table, at, isLocal ? null : order, () => {
    setGone(true);
  });
  return {
    count: isLocal ? table.rows.length : Math.min(table.total, MOST_ROWS),
    order,
    sortable: isLocal || table.total <= MOST_SORTED,
    gone,
    slow: remote.slow,
    sort: setOrder,
    row: (index) => {
      if (isLocal || (order === null && index < table.rows.length)) return local.rows[index] ?? null;
      return remote.page(index)?.rows[index % PAGE] ?? null;
    },
    nameOf: (index) => {
      if (isLocal) return local.names[index] ?? '';
      if (order === null && table.rowNames === null) return String(index);
      if (order === null && index < table.rows.length) return local.names[index] ?? '';
      return remote.page(index)?.names?.[index % PAGE] ?? '';
    },
  };
}

/** Pages of rows, asked for when they are read. */
function usePages(
  table: TableForm,
  at: Lane,
  order: RowOrder | null,
  onGone: () => void,
): { readonly slow: boolean; page(index: number): Page | null } {
  const { looking } = useUi();
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const [slow, setSlow] = useState(false);
  const key = `${table.handle ?? ''} ${JSON.stringify(order)}`;
  const pages = useRef<{ readonly key: string; readonly known: Map<number, Page | null> }>({
    key,
    known: new Map(),
  });
  const wanted = useRef(new Set<number>());

  useEffect(() => {
    if (pages.current.key !== key) pages.current = { key, known: new Map() };
    const { known } = pages.current;
    for (const number of wanted.current) {
      if (known.has(number) || table.handle === null) continue;
      known.set(number, null);
      const late = setTimeout(() => {
        setSlow(true);
      }, SOON);
      const question = {
        type: 'rows',
        handle: table.handle,
        from: number * PAGE,
        count: PAGE,
        order,
      } as const;
      void looking.look(at, question).then((answer: LookAnswer) => {
        clearTimeout(late);
        setSlow(false);
        if (answer.type !== 'rows') onGone();
        else if (pages.current.known === known) {
          known.set(number, { rows: answer.rows, names: answer.rowNames });
          redraw();
        }
      });
    }
    wanted.current.clear();
  });

  return {
    slow,
    page(index) {
      const number = Math.floor(index / PAGE);
      const known = pages.current.key === key ? pages.current.known.get(number) : undefined;
      if (known === undefined) wanted.current.add(number);
      return known ?? null;
    },
  };
}
