import type { Clock } from '../base/clock.ts';
import { TABLE_MIME } from '../protocol/looking.ts';
import type { MimeBundle, StreamName } from '../protocol/outputs.ts';
import { tableText } from './console-table.ts';
import { framesOfStack } from './error-stacks.ts';
import { formatLine, inspect } from './format.ts';
import { consoleTable } from './looking/row-source.ts';
import type { Shelf } from './looking/shelf.ts';
import { frameText, userFrames } from './stack.ts';

/** Takes one piece of text, line break included. */
export type TextSink = (name: StreamName, text: string) => void;

export interface ConsoleOptions {
  readonly write: TextSink;
  readonly clock: Clock;
  /** What `console.clear()` does. */
  readonly clear?: () => void;
  /** Where tables can be shown as such. Default: they are printed. */
  readonly tables?: { readonly shelf: Shelf; readonly show: (bundle: MimeBundle) => void };
}

export type RealmConsole = Readonly<Record<string, (...args: unknown[]) => void>>;

/** Its functions by the names by which they travel: `apply(console.log, x)` prints where it runs. */
export function consoleBuiltins(console: RealmConsole): [name: string, fn: RealmConsole[string]][] {
  return Object.entries(console).map(([name, fn]) => [`console.${name}`, fn]);
}

/**
 * The `console` that users' code sees: `log`, `info`, `debug`, `table`, `dir` … are stdout; `error`, `warn`,
 * `trace`, failed `assert`s are stderr. Text is formatted here and capped.
 */
export function createConsole({ write, clock, clear, tables }: ConsoleOptions): RealmConsole {
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  let indent = '';
  const print = (name: StreamName, text: string) => {
    write(name, `${indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`)}\n`);
  };
  const to =
    (name: StreamName) =>
    (...args: unknown[]) => {
      print(name, formatLine(args));
    };
  const log = to('stdout');
  const warn = to('stderr');
  const group = (...args: unknown[]) => {
    if (args.length > 0) log(...args);
    indent += '  ';
  };
  const elapsed = (label: string): string | null => {
    const since = timers.get(label);
    if (since !== undefined) return `${label}: ${durationText(clock.now() - since)}`;
    warn(`console: there is no timer '${label}'; call console.time('${label}') first`);
    return null;
  };

  return {
    log,
    info: log,
    debug: log,
    dirxml: log,
    error: warn,
    warn,
    group,
    groupCollapsed: group,
    groupEnd() {
      indent = indent.slice(2);
    },
    dir(value) {
      print('stdout', inspect(value));
    },
    table(data, columns) {
      const names = Array.isArray(columns) ? columns.map(String) : undefined;
      const text = tableText(data, names);
      const table =
        typeof data === 'object' && data !== null
          ? tables?.shelf.table(data, (value) => consoleTable(value, names))
          : null;
      if (text === null || !tables || !table) print('stdout', text ?? formatLine([data]));
      else tables.show({ data: { [TABLE_MIME]: table, 'text/plain': text }, metadata: {} });
    },
    trace(...args) {
      const here = new Error();
      const text = here.stack ?? '';
      const frames = framesOfStack(here) ?? userFrames(text);
      const stack = frames.map((frame) => `\n    at ${frameText(frame)}`);
      print('stderr', `Trace${args.length > 0 ? `: ${formatLine(args)}` : ''}${stack.join('')}`);
    },
    assert(condition, ...args) {
      if (condition) return;
      if (typeof args[0] === 'string') warn(`Assertion failed: ${args[0]}`, ...args.slice(1));
      else warn('Assertion failed', ...args);
    },
    count(label = 'default') {
      const n = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), n);
      log(`${String(label)}: ${String(n)}`);
    },
    countReset(label = 'default') {
      counts.delete(String(label));
    },
    time(label = 'default') {
      timers.set(String(label), clock.now());
    },
    timeLog(label = 'default', ...args) {
      const text = elapsed(String(label));
      if (text !== null) log(text, ...args);
    },
    timeEnd(label = 'default') {
      const text = elapsed(String(label));
      if (text !== null) log(text);
      timers.delete(String(label));
    },
    clear() {
      clear?.();
    },
  };
}

function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toPrecision(3)} ms` : `${(milliseconds / 1000).toFixed(3)} s`;
}
