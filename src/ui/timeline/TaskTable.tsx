import type { ReactNode } from 'react';
import { useCommands, useNotebook, useStream } from '../context.ts';
import { formatBytes, formatCount, formatSeconds } from '../format.ts';
import { type ChartState, wallClock } from './chart-state.ts';
import { figuresOf, placeOf, STATE_SIGNS, STATE_WORDS } from './describe-task.ts';
import type { TaskItem } from './task-items.ts';
import { kindTitle } from './task-kinds.ts';
import { runningSince } from './TaskCard.tsx';

/** Rows that can be read; more are in the trace. */
const MOST = 200;

/** The same in words and numbers: the latest tasks, newest first. */
export function TaskTable({ chart }: { readonly chart: ChartState }): ReactNode {
  useStream(({ version }) => version);
  const tasks = chart.log?.tasks ?? [];
  const latest = tasks.slice(-MOST).reverse();
  return (
    <div className="task-table scrolls" tabIndex={0} role="region" aria-label="Tasks as a table">
      <table>
        <caption>
          {tasks.length > MOST
            ? `The latest ${String(MOST)} of ${formatCount(tasks.length)} tasks`
            : `${formatCount(tasks.length)} tasks, the latest first`}
        </caption>
        <thead>
          <tr>
            {['Task', 'State', 'Engine', 'Cell', 'Queued', 'Ran', 'Sent', 'Result'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {latest.map((task) => (
            <TaskRow key={task.n} task={task} chart={chart} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TaskRow({ task, chart }: { readonly task: TaskItem; readonly chart: ChartState }): ReactNode {
  const commands = useCommands();
  const numbers = useNotebook((view) => view.numbers);
  const { queued, ran } = figuresOf(task, wallClock(), runningSince(chart, task));
  const { cell } = task;
  const number = cell === null ? undefined : numbers.get(cell);
  return (
    <tr style={{ '--task': `var(--task-${String(task.kind.slot)})` } as React.CSSProperties}>
      <th scope="row">
        <span className="kind-swatch" aria-hidden="true" />
        {kindTitle(task.kind, numbers)}
      </th>
      <td className={`task-state ${task.state}`}>
        <span aria-hidden="true">{STATE_SIGNS[task.state]} </span>
        {STATE_WORDS[task.state]}
        {task.ename === null ? '' : ` (${task.ename})`}
      </td>
      <td>{placeOf(task)}</td>
      <td>
        {cell === null || number === undefined ? (
          '–'
        ) : (
          <button
            type="button"
            className="link-button"
            onClick={() => {
              commands.focusCell(cell);
            }}
          >
            Cell {number}
          </button>
        )}
      </td>
      <td className="numbers">{formatSeconds(queued)}</td>
      <td className="numbers">{ran === null ? '–' : formatSeconds(ran)}</td>
      <td className="numbers">{formatBytes(task.bytesOut)}</td>
      <td className="numbers">{task.bytesIn === null ? '–' : formatBytes(task.bytesIn)}</td>
    </tr>
  );
}
