import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { useCommands, useStream, useUi } from '../context.ts';
import { engineName } from './describe-task.ts';
import { EngineMark, engineStyle } from '../engines/EngineMark.tsx';
import { formatCount } from '../format.ts';
import { type ChartState, wallClock } from './chart-state.ts';
import { chartKey } from './chart-keys.ts';
import { busyShare } from './layout.ts';
import { ChartPainter } from './chart-painter.ts';
import { usePointer } from './use-pointer.ts';

/** A row is as high as there is room for, in pixels. */
const ROW = { least: 14, most: 26 };
const HEAD = 46;

/** The picture: engines down, time to the right. */
export function TaskChart({ chart }: { readonly chart: ChartState }): ReactNode {
  const { stream } = useUi();
  const commands = useCommands();
  const box = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLCanvasElement>(null);
  const rows = useRef<HTMLCanvasElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const engines = useStream(({ log }) => log?.lanes.length ?? 0);
  const height = useHeight(box);
  const rowHeight = Math.min(
    ROW.most,
    Math.max(ROW.least, Math.floor((height - HEAD) / Math.max(1, engines))),
  );
  const most = usePainter({ chart, head, rows, picture, rowHeight, engines });
  usePointer(chart, picture, rows, rowHeight, commands);
  const isEmpty = useStream(({ log }) => (log?.tasks.length ?? 0) === 0);
  return (
    <div
      ref={box}
      className="task-chart scrolls"
      onPointerEnter={() => {
        chart.look(true);
      }}
      onPointerLeave={() => {
        chart.look(box.current?.contains(document.activeElement) === true);
      }}
    >
      <RowLabels chart={chart} rowHeight={rowHeight} most={most} />
      <div
        ref={picture}
        className="task-picture"
        role="application"
        aria-roledescription="time chart"
        aria-label={
          'Tasks over time. Arrow keys pan, plus and minus zoom, F shows all, End goes back to now. ' +
          'Tab goes from task to task, Enter to its cell; after Escape, Tab leaves the chart.'
        }
        tabIndex={0}
        onFocus={() => {
          chart.focused();
        }}
        onBlur={() => {
          chart.look(false);
        }}
        onKeyDown={(event) => {
          chartKey(event, chart, commands, stream);
        }}
      >
        <canvas ref={head} className="task-head" aria-hidden="true" />
        <canvas ref={rows} className="task-rows" aria-hidden="true" />
        {isEmpty ? (
          <p className="task-empty">
            No task yet. What <code>%px</code>, <code>map</code> and <code>apply</code> send to the engines
            shows here while it happens.
          </p>
        ) : null}
      </div>
    </div>
  );
}

interface RowLabelsProps {
  readonly chart: ChartState;
  readonly rowHeight: number;
  /** The greatest number of tasks that waited, in sight. */
  readonly most: number;
}

function RowLabels({ chart, rowHeight, most }: RowLabelsProps): ReactNode {
  useStream(({ version }) => version);
  const now = wallClock();
  const lanes = chart.log?.lanes ?? [];
  return (
    <div className="task-labels numbers">
      <div className="task-label waiting">
        <span>waiting</span>
        {most > 0 ? <span className="task-share">max {formatCount(most)}</span> : null}
      </div>
      {lanes.map((lane) => (
        <div
          key={lane.engine}
          className="task-label"
          style={{ ...engineStyle(lane.engine), height: rowHeight }}
        >
          <EngineMark engine={lane.engine} size={10} />
          <span className="task-engine" title={chart.log?.clusterOf(lane.engine) ?? undefined}>
            {engineName(lane.engine)}
            {lane.generation > 1 ? `·${String(lane.generation)}` : ''}
          </span>
          <span className="task-share" title="Busy, of the time in sight">
            {lane.life === 'dead'
              ? '✕ dead'
              : `${String(Math.round(100 * busyShare(lane, chart.view, now)))} %`}
          </span>
        </div>
      ))}
    </div>
  );
}

function useHeight(box: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(200);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [box]);
  return height;
}

interface PainterParts {
  readonly chart: ChartState;
  readonly head: RefObject<HTMLCanvasElement | null>;
  readonly rows: RefObject<HTMLCanvasElement | null>;
  readonly picture: RefObject<HTMLDivElement | null>;
  readonly rowHeight: number;
  readonly engines: number;
}

/** Draws when something has changed. Gives the greatest number of tasks that waited, of what is in sight. */
function usePainter({ chart, head, rows, picture, rowHeight, engines }: PainterParts): number {
  const { stream } = useUi();
  const [most, setMost] = useState(0);
  useEffect(() => {
    if (head.current === null || rows.current === null || picture.current === null) return;
    const painter = new ChartPainter({
      chart,
      head: head.current,
      rows: rows.current,
      picture: picture.current,
      rowHeight,
      onMost: setMost,
    });
    const unsubscribe = [chart.subscribe(painter.ask), stream.subscribe(painter.ask)];
    return () => {
      for (const stop of unsubscribe) stop();
      painter.end();
    };
  }, [chart, stream, head, rows, picture, rowHeight, engines]);
  return most;
}
