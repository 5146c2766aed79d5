import { ChevronDown, Crosshair, Download, Maximize2, Table2, Trash2, ZoomIn, ZoomOut } from 'lucide-react';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useCommands, usePage, useStream, useUi } from '../context.ts';
import { formatCount } from '../format.ts';
import { KEYS } from '../keys.ts';
import { IconButton } from '../shell/IconButton.tsx';
import { useMedia } from '../shell/use-media.ts';
import { DrawerGrip } from './DrawerGrip.tsx';
import { KindList } from './KindList.tsx';
import { TaskCard } from './TaskCard.tsx';
import { TaskChart } from './TaskChart.tsx';
import { TaskTable } from './TaskTable.tsx';
import { ChartState } from './chart-state.ts';
import { useChart } from './use-chart.ts';
import './timeline.css';

/**
 * The task stream: who ran what, when, and for how long. The picture is the reader's: it follows the work until it is
 * touched, never zooms while it is looked at, and forgets nothing unasked.
 */
export default function TaskDrawer(): ReactNode {
  const { stream, notebook } = useUi();
  const height = usePage((page) => page.streamHeight);
  const narrow = useMedia('(width < 900px)');
  const [table, setTable] = useState(false);
  const chart = useMemo(
    () =>
      new ChartState(
        () => stream.getState().log,
        () => notebook.getState().numbers,
      ),
    [stream, notebook],
  );
  const section = useRef<HTMLElement>(null);
  const commands = useCommands();
  return (
    <section
      ref={section}
      className="task-drawer"
      aria-label="Task stream"
      style={{ height: `${String(height * 100)}vh` }}
      onKeyDown={(event) => {
        if (event.key !== 't' || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        commands.setStreamOpen(false);
        commands.focusCell(notebook.getState().session.selectedCell);
      }}
    >
      <DrawerGrip />
      <header>
        <h2>Tasks</h2>
        <Summary />
        <Tools chart={chart} table={table} setTable={setTable} />
      </header>
      <div className="task-body">
        {table ? <TaskTable chart={chart} /> : <TaskChart chart={chart} />}
        <Side chart={chart} narrow={narrow} />
      </div>
    </section>
  );
}

function Side({ chart, narrow }: { readonly chart: ChartState; readonly narrow: boolean }): ReactNode {
  const shown = useChart(chart, () => chart.shown);
  if (shown !== null) return <TaskCard chart={chart} task={shown} />;
  return narrow ? null : <KindList chart={chart} />;
}

/** How many stand where; what is not here any more. */
function Summary(): ReactNode {
  const { done, failed, lost, cancelled, running, waiting, dropped } = useStream(({ log, version }) => {
    const counts = log?.counts;
    return {
      version,
      done: counts?.done ?? 0,
      failed: counts?.failed ?? 0,
      lost: counts?.lost ?? 0,
      cancelled: counts?.cancelled ?? 0,
      running: counts?.running ?? 0,
      waiting: (counts?.waiting ?? 0) + (counts?.sent ?? 0),
      dropped: log?.dropped ?? 0,
    };
  });
  return (
    <p className="task-summary numbers">
      <span>{formatCount(done)} done</span>
      <span>{formatCount(running)} running</span>
      <span>{formatCount(waiting)} queued</span>
      <span className={failed > 0 ? 'failed' : ''}>{formatCount(failed)} failed</span>
      {lost > 0 ? <span className="failed">{formatCount(lost)} lost</span> : null}
      {cancelled > 0 ? <span>{formatCount(cancelled)} cancelled</span> : null}
      {dropped > 0 ? (
        <span title="At most 100,000 tasks are kept: the oldest go first">
          {formatCount(dropped)} older dropped
        </span>
      ) : null}
    </p>
  );
}

interface ToolsProps {
  readonly chart: ChartState;
  readonly table: boolean;
  readonly setTable: (table: boolean) => void;
}

function Tools({ chart, table, setTable }: ToolsProps): ReactNode {
  const commands = useCommands();
  const follows = useChart(chart, () => chart.view.follows);
  return (
    <div className="task-tools" role="toolbar" aria-label="Task stream">
      {follows || table ? null : (
        <IconButton
          className="back-to-now outlined"
          label="Back to now"
          tip="Follow the work again"
          keys="End"
          icon={<Crosshair size={13} />}
          text="Back to now"
          onClick={() => {
            chart.backToNow();
          }}
        />
      )}
      {table ? null : (
        <>
          <IconButton
            className="small"
            label="Zoom out"
            keys="−"
            icon={<ZoomOut size={15} />}
            onClick={() => {
              chart.zoomBy(2);
            }}
          />
          <IconButton
            className="small"
            label="Zoom in"
            keys="+"
            icon={<ZoomIn size={15} />}
            onClick={() => {
              chart.zoomBy(0.5);
            }}
          />
          <IconButton
            className="small"
            label="Fit all tasks"
            keys="F"
            icon={<Maximize2 size={14} />}
            onClick={() => {
              chart.fitAll();
            }}
          />
        </>
      )}
      <IconButton
        className="small"
        label="Tasks as a table"
        icon={<Table2 size={15} />}
        aria-pressed={table}
        onClick={() => {
          setTable(!table);
        }}
      />
      <IconButton
        className="small"
        label="Save as Chrome trace"
        tip="Save as Chrome trace JSON, which Perfetto opens"
        icon={<Download size={15} />}
        onClick={commands.saveTrace}
      />
      <IconButton
        className="small"
        label="Clear the task stream"
        tip="Forget the tasks that have ended"
        icon={<Trash2 size={15} />}
        onClick={() => {
          chart.select(null);
          chart.highlight(null);
          commands.clearTasks();
        }}
      />
      <IconButton
        className="small"
        label="Hide the task stream"
        keys={KEYS.taskStream}
        icon={<ChevronDown size={16} />}
        onClick={() => {
          commands.setStreamOpen(false);
        }}
      />
    </div>
  );
}
