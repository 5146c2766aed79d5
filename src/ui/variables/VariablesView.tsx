import { Maximize2, Search } from 'lucide-react';
import { type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useCluster, useCommands, usePage, useUi } from '../context.ts';
import { formatCount, formatEngines, plural } from '../format.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { allNames, type MatrixOrder, namesInOrder, rowOf } from './matrix.ts';
import { VariableDetail } from './VariableDetail.tsx';
import { type Place, VariableGrid } from './VariableGrid.tsx';
import type { LaneVariables } from './variables.ts';
import './variables.css';

const ORDERS: readonly { readonly value: MatrixOrder; readonly word: string }[] = [
  { value: 'name', word: 'by name' },
  { value: 'size', word: 'by size' },
  { value: 'changed', word: 'changed last' },
];

/** Variable by engine: what each has, where it differs, and the values themselves. `wide`: in a window of its own. */
export default function VariablesView({ wide = false }: { readonly wide?: boolean }): ReactNode {
  const { variables } = useUi();
  const commands = useCommands();
  const lanes = useStore(variables.store, (view) => view.lanes);
  useEffect(() => variables.watch(), [variables]);
  const grid = useRef<HTMLDivElement>(null);
  const asked = usePage((page) => page.variablesAsked);
  useEffect(() => {
    if (asked === 0 && !wide) return;
    // A dialog gives the focus to its first button when it opens.
    const frame = requestAnimationFrame(() => {
      grid.current?.focus();
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [asked, wide]);
  const [filter, setFilter] = useState('');
  const [order, setOrder] = useState<MatrixOrder>('name');
  const [active, setActive] = useState<Place | null>(null);
  const [opened, setOpened] = useState(false);
  const shown = useDeferredValue(lanes);
  const lists = useSameItems(shown.map((lane) => lane.names));
  const all = useMemo(() => allNames(lists), [lists]);
  // By name they stand as they are, whatever changes in them.
  const weighed = order === 'name' ? null : shown;
  const names = useMemo(() => namesInOrder(all, weighed ?? [], filter, order), [all, weighed, filter, order]);
  const total = all.length;
  const chosen = active !== null && names.includes(active.name) ? active : null;
  const back = (): void => {
    setOpened(false);
    grid.current?.focus();
  };
  return (
    <div className={wide ? 'variables wide' : 'variables'}>
      <div className="variable-tools">
        <label className="variable-filter">
          <Search size={13} aria-hidden="true" />
          <input
            type="search"
            aria-label="Filter the variables"
            placeholder="Filter"
            value={filter}
            onChange={(event) => {
              setFilter(event.target.value);
            }}
          />
        </label>
        <select
          aria-label="Order"
          value={order}
          onChange={(event) => {
            setOrder(ORDERS.find(({ value }) => value === event.target.value)?.value ?? 'name');
          }}
        >
          {ORDERS.map(({ value, word }) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
        {wide ? null : (
          <IconButton
            className="small"
            label="Variables in a window"
            icon={<Maximize2 size={13} />}
            onClick={() => {
              commands.setDialog('variables');
            }}
          />
        )}
      </div>
      {total === 0 ? (
        <Empty />
      ) : (
        <VariableGrid
          {...{ lanes: shown, names, wide, active: chosen, grid }}
          onActive={(place) => {
            setActive(place);
            if (place.name !== active?.name || place.column !== active.column) setOpened(false);
          }}
          onOpen={(place) => {
            setActive(place);
            setOpened(place.column > 0);
          }}
          onEscape={() => {
            if (!opened) return false;
            setOpened(false);
            return true;
          }}
        />
      )}
      <Notes lanes={lanes} shown={names.length} total={total} />
      {chosen ? (
        <VariableDetail
          row={rowOf(chosen.name, shown)}
          lane={chosen.column === 0 ? undefined : shown[chosen.column - 1]?.lane}
          opened={opened}
          onOpen={() => {
            setOpened(true);
          }}
          onBack={back}
          onLeave={() => {
            if (wide) commands.setDialog(null);
          }}
        />
      ) : null}
    </div>
  );
}

/** The list before, as long as its items are the same. */
function useSameItems<T>(list: readonly T[]): readonly T[] {
  const [kept, setKept] = useState(list);
  const isSame = kept.length === list.length && kept.every((item, i) => item === list[i]);
  if (!isSame) setKept(list);
  return isSame ? kept : list;
}

function Empty(): ReactNode {
  return (
    <p className="variable-empty">
      Names that cells make appear here: <code>x = 1</code> in the kernel, <code>%px x = 1</code> on the
      engines.
    </p>
  );
}

/** What is shown, and how true it is. */
function Notes(props: {
  readonly lanes: readonly LaneVariables[];
  readonly shown: number;
  readonly total: number;
}): ReactNode {
  const { lanes, shown, total } = props;
  const joined = useCluster((view) => view.join !== null);
  const late = lanes.filter(({ state }) => state === 'busy');
  return (
    <div className="variable-notes numbers">
      {total === 0 ? null : (
        <p>{shown === total ? plural(total, 'name') : `${formatCount(shown)} of ${plural(total, 'name')}`}</p>
      )}
      {lateGroups(late).map(({ who, since }) => (
        <p key={who} role="status">
          {who} busy{since === null ? ': not looked at yet' : `, as of ${since}`}
        </p>
      ))}
      {joined ? (
        <p>
          A joined cluster’s engines of JavaScript tell which names they have, those of Python not even that;
          values stay where they are. <code>rc[0].pull(…)</code> brings one here.
        </p>
      ) : null}
    </div>
  );
}

const TIME = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

/** Those with the same time together: `e0–e3 are`. */
function lateGroups(
  late: readonly LaneVariables[],
): readonly { readonly who: string; readonly since: string | null }[] {
  const groups = new Map<string | null, LaneVariables[]>();
  for (const lane of late) {
    const since = lane.asOf === null ? null : TIME.format(lane.asOf);
    groups.set(since, [...(groups.get(since) ?? []), lane]);
  }
  return [...groups].map(([since, members]) => {
    const engines = members.flatMap(({ lane }) => (lane === null ? [] : [lane]));
    const names = [
      ...(members.length > engines.length ? ['the kernel'] : []),
      ...(engines.length > 0 ? [formatEngines(engines)] : []),
    ];
    return { who: `${names.join(' and ')} ${members.length === 1 ? 'is' : 'are'}`, since };
  });
}
