import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCommands, useNotebook, useStream } from '../context.ts';
import type { EngineId } from '../../protocol/ids.ts';
import { EngineMark, engineStyle } from '../engines/EngineMark.tsx';
import { formatBytes, formatSeconds } from '../format.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { useNow } from '../use-now.ts';
import type { ChartState } from './chart-state.ts';
import { engineName, figuresOf, STATE_SIGNS, STATE_WORDS } from './describe-task.ts';
import { isOpen, type TaskItem } from './task-items.ts';
import { kindTitle } from './task-kinds.ts';
import { useChart } from './use-chart.ts';

interface Props {
  readonly chart: ChartState;
  readonly task: TaskItem;
}

/** All that is known of one task. */
export function TaskCard({ chart, task }: Props): ReactNode {
  const commands = useCommands();
  useStream(({ version }) => version);
  const title = useNotebook(({ numbers }) => kindTitle(task.kind, numbers));
  const selected = useChart(chart, () => chart.selected === task);
  return (
    <aside className="task-side task-card" aria-label="Task">
      <header style={{ '--task': `var(--task-${String(task.kind.slot)})` } as React.CSSProperties}>
        <span className="kind-swatch" aria-hidden="true" />
        <h3>{title}</h3>
        {selected ? (
          <IconButton
            className="small"
            label="Close the task"
            keys="Esc"
            icon={<X size={14} />}
            onClick={() => {
              chart.select(null);
            }}
          />
        ) : null}
      </header>
      <p className={`task-state ${task.state}`}>
        <span aria-hidden="true">{STATE_SIGNS[task.state]} </span>
        {STATE_WORDS[task.state]}
        {task.ename === null ? null : <code> {task.ename}</code>}
      </p>
      <Facts chart={chart} task={task} />
      <Lineage chart={chart} task={task} />
      <CellButton task={task} go={commands.focusCell} />
      {task.byHub ? (
        <p className="task-note">Its engine’s clock could not be used: these times are the hub’s.</p>
      ) : null}
    </aside>
  );
}

function CellButton({
  task,
  go,
}: {
  readonly task: TaskItem;
  readonly go: (cell: NonNullable<TaskItem['cell']>) => void;
}): ReactNode {
  const { cell } = task;
  const number = useNotebook(({ numbers }) => (cell === null ? undefined : numbers.get(cell)));
  if (cell === null || number === undefined) return <p className="task-note">Submitted by no cell of now</p>;
  return (
    <button
      type="button"
      className="text-button outlined"
      onClick={() => {
        go(cell);
      }}
    >
      Go to cell {number}
    </button>
  );
}

function Facts({ chart, task }: Props): ReactNode {
  const now = useNow(isOpen(task));
  const start = runningSince(chart, task);
  const { queued, onItsWay, ran, back } = figuresOf(task, now, start);
  const engine = task.engine ?? task.aim;
  const cluster = engine === null ? null : (chart.log?.clusterOf(engine) ?? null);
  const origin = chart.log?.origin ?? task.submitted;
  return (
    <dl className="task-facts numbers">
      <Fact name="engine">{engine === null ? 'none yet' : <PlaceChip place={engine} />}</Fact>
      {cluster === null ? null : <Fact name="cluster">{cluster}</Fact>}
      <Fact name="submitted">
        <span title={new Date(task.submitted).toISOString()}>
          at {formatSeconds(Math.max(0, task.submitted - origin) / 1000)}
        </span>
      </Fact>
      <Fact name="queued">{formatSeconds(queued)}</Fact>
      {onItsWay === null ? null : <Fact name="of that, on its way">{formatSeconds(onItsWay)}</Fact>}
      {ran === null ? null : (
        <Fact name={task.state === 'running' ? 'running for' : 'ran'}>{formatSeconds(ran)}</Fact>
      )}
      {back === null ? null : <Fact name="result back in">{formatSeconds(back)}</Fact>}
      <Fact name="sent">{formatBytes(task.bytesOut)}</Fact>
      {task.bytesIn === null ? null : <Fact name="result">{formatBytes(task.bytesIn)}</Fact>}
    </dl>
  );
}

/** Its name with its sign. */
function PlaceChip({ place }: { readonly place: EngineId }): ReactNode {
  return (
    <span className="engine-chip" style={engineStyle(place)}>
      <EngineMark engine={place} size={9} />
      {engineName(place)}
    </span>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** By the hub's clock; null: it does not run. */
export function runningSince(chart: ChartState, task: TaskItem): number | null {
  const running = chart.log?.lanes.find((lane) => lane.running?.task === task)?.running;
  return running?.start ?? null;
}

/** Relatives that are shown by name. */
const MOST = 6;

function Lineage({ chart, task }: Props): ReactNode {
  const { links, heirs, tries, from, again, retries } = task;
  const after = links.filter(({ how }) => how === 'after').map(({ on }) => on);
  const follows = links.filter(({ how }) => how === 'follow').map(({ on }) => on);
  return (
    <>
      {tries.map(({ engine, at, cause }, i) => (
        <p key={at} className="task-line">
          {cause === 'failed'
            ? `↻ try ${String(i + 1)} of ${String(retries + 1)} failed on`
            : '↻ did not suit'}{' '}
          <PlaceChip place={engine} />
        </p>
      ))}
      <Relatives chart={chart} word="after" tasks={after} />
      <Relatives chart={chart} word="follows" tasks={follows} />
      <Relatives chart={chart} word="before" tasks={heirs} />
      <Relatives chart={chart} word="run again from" tasks={from === null ? [] : [from]} />
      <Relatives chart={chart} word="run again as" tasks={again === null ? [] : [again]} />
    </>
  );
}

interface RelativesProps {
  readonly chart: ChartState;
  readonly word: string;
  readonly tasks: readonly number[];
}

function Relatives({ chart, word, tasks }: RelativesProps): ReactNode {
  const numbers = useNotebook((view) => view.numbers);
  if (tasks.length === 0) return null;
  return (
    <p className="task-line">
      {word}{' '}
      {tasks.slice(0, MOST).map((n) => {
        const task = chart.log?.task(n);
        return task === undefined ? (
          <span key={n}>a task that is gone </span>
        ) : (
          <button
            key={n}
            type="button"
            className="link-button"
            onClick={() => {
              chart.goTo(task);
            }}
          >
            {kindTitle(task.kind, numbers)} #{n}
          </button>
        );
      })}
      {tasks.length > MOST ? ` and ${String(tasks.length - MOST)} more` : ''}
    </p>
  );
}
