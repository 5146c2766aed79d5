import type { CellId, EngineId } from '../../protocol/ids.ts';
import { engineName } from './describe-task.ts';
import type { TaskLog } from './task-log.ts';
import { kindTitle } from './task-kinds.ts';

/** An event of the Trace Event Format, which Perfetto and chrome://tracing open. Times in microseconds. */
type TraceEvent = Readonly<Record<string, unknown>> & { readonly ph: string; readonly pid: number };

/** Threads of the trace are engines; what waits is in none. */
const PID = 1;

/**
 * The whole log as a trace: a slice for each run, with what is known of the task as its arguments; arrows between
 * tasks that waited for each other; how many waited, as a counter.
 */
export function chromeTrace(log: TaskLog, numbers: ReadonlyMap<CellId, number>): string {
  const origin = log.origin ?? 0;
  const micro = (at: number): number => Math.round((at - origin) * 1000);
  const events: TraceEvent[] = [{ ph: 'M', pid: PID, name: 'process_name', args: { name: 'Tutti engines' } }];
  for (const { engine, bars } of log.lanes) {
    const tid = engine + 1;
    events.push({ ph: 'M', pid: PID, tid, name: 'thread_name', args: { name: threadName(log, engine) } });
    events.push({ ph: 'M', pid: PID, tid, name: 'thread_sort_index', args: { sort_index: engine } });
    for (const { task, start, end, look } of bars) {
      const ts = micro(start);
      events.push({
        ph: 'X',
        pid: PID,
        tid,
        name: kindTitle(task.kind, numbers),
        cat: look,
        ts,
        dur: Math.max(0, micro(end) - ts),
        args: {
          msgId: task.msgId,
          outcome: look,
          submitted: micro(task.submitted),
          ...(Number.isNaN(task.sent) ? {} : { sent: micro(task.sent) }),
          ...(Number.isNaN(task.settled) ? {} : { received: micro(task.settled) }),
          bytesOut: task.bytesOut,
          ...(task.bytesIn === null ? {} : { bytesIn: task.bytesIn }),
          ...(task.ename === null ? {} : { error: task.ename }),
          ...(task.cell === null ? {} : { cell: numbers.get(task.cell) ?? 'deleted' }),
          ...(task.tries.length > 0 ? { tries: task.tries.length } : {}),
        },
      });
    }
  }
  return JSON.stringify({
    // There may be more of them than a call may have arguments.
    traceEvents: [...events, ...arrows(log, micro), ...waiting(log, micro)],
    displayTimeUnit: 'ms',
    metadata: { source: 'Tutti', origin: new Date(origin).toISOString(), dropped: log.dropped },
  });
}

function threadName(log: TaskLog, place: EngineId): string {
  const cluster = log.clusterOf(place);
  return cluster === null ? engineName(place) : `${engineName(place)} (${cluster})`;
}

function arrows(log: TaskLog, micro: (at: number) => number): TraceEvent[] {
  return log.tasks.flatMap((task) =>
    task.links.flatMap(({ on, how }) => {
      const from = log.task(on);
      if (from?.engine == null || task.engine === null) return [];
      if (Number.isNaN(from.completed) || Number.isNaN(task.started)) return [];
      const common = { pid: PID, name: how, cat: 'dependency', id: `${String(on)}-${String(task.n)}` };
      return [
        { ...common, ph: 's', tid: from.engine + 1, ts: micro(from.completed) },
        { ...common, ph: 'f', bp: 'e', tid: task.engine + 1, ts: micro(task.started) },
      ];
    }),
  );
}

function waiting(log: TaskLog, micro: (at: number) => number): TraceEvent[] {
  const times = log.tasks.flatMap(({ submitted, started }) => [
    submitted,
    ...(Number.isNaN(started) ? [] : [started]),
  ]);
  return [...new Set(times)]
    .sort((a, b) => a - b)
    .map((at) => ({
      ph: 'C',
      pid: PID,
      name: 'waiting',
      ts: micro(at),
      args: { tasks: log.waitingAt(at) },
    }));
}
