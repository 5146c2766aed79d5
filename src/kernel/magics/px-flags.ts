import { parseFlags, usageOfValue, type FlagSpec, type ParsedFlags } from '../../realm/magics/flags.ts';
import { parseTargets, type Targets } from './targets.ts';

/** How captured output is ordered when it is shown at the end: features §10, `displayOutputs`. */
export type GroupBy = 'type' | 'engine' | 'order';

/** What an interrupt can send to engines. */
export type Signal = 'SIGINT' | 'SIGTERM' | 'SIGKILL';

/** The flags that `%px`, `%%px` and `%pxconfig` share. Undefined: as the view, or the default, says. */
export interface ExecuteFlags {
  readonly targets: Targets | undefined;
  readonly block: boolean | undefined;
  readonly local: boolean;
  readonly init: boolean;
  readonly verbose: boolean | undefined;
  readonly stream: boolean | undefined;
  /** Seconds; 0 is at once, negative is never. */
  readonly progressAfter: number | undefined;
  /** What Interrupt sends to the engines. */
  readonly signal: Signal | undefined;
}

/** The flags that `%%px` and `%pxresult` share. */
export interface OutputFlags {
  readonly out: string | undefined;
  /** Undefined: not said. */
  readonly groupBy: GroupBy | undefined;
}

export const EXECUTE_FLAGS: readonly FlagSpec[] = [
  { kind: 'value', names: ['--targets', '-t'], value: 'TARGETS', help: 'where: all, 1, 0,2 or ::2' },
  { kind: 'flag', names: ['--block', '-b'], help: 'wait, and show what the engines say' },
  { kind: 'flag', names: ['--noblock', '-a'], help: 'do not wait; the value is an AsyncResult' },
  { kind: 'flag', names: ['--verbose'], help: 'say which engines it runs on' },
  { kind: 'flag', names: ['--no-verbose'], help: 'do not (the default)' },
  { kind: 'flag', names: ['--stream'], help: 'show output while it happens (the default)' },
  { kind: 'flag', names: ['--no-stream'], help: 'show output at the end, grouped' },
  {
    kind: 'value',
    names: ['--progress-after'],
    value: 'SECONDS',
    help: 'show progress when it takes longer (2); 0 at once, -1 never',
  },
  {
    kind: 'value',
    names: ['--signal-on-interrupt'],
    value: 'SIGNAL',
    help: 'what Interrupt sends: SIGINT or 2 (the default), SIGTERM, SIGKILL',
  },
];

const INIT_FLAG: FlagSpec = {
  kind: 'flag',
  names: ['--init'],
  help: 'run it again on every engine that is started later, or started anew',
};

const LOCAL_FLAG: FlagSpec = { kind: 'flag', names: ['--local'], help: 'run here too, in the kernel' };

export const OUTPUT_FLAGS: readonly FlagSpec[] = [
  { kind: 'value', names: ['--out', '-o'], value: 'NAME', help: 'keep the AsyncResult under this name' },
  {
    kind: 'value',
    names: ['--group-outputs', '-g'],
    value: 'HOW',
    help: 'at the end, by type, engine or order; implies --no-stream',
  },
  { kind: 'flag', names: ['-e'], help: 'short for --group-outputs engine' },
  { kind: 'flag', names: ['-r'], help: 'short for --group-outputs order' },
];

export const PX_FLAGS: readonly FlagSpec[] = [...EXECUTE_FLAGS, LOCAL_FLAG, INIT_FLAG, ...OUTPUT_FLAGS];

export interface PxCall {
  readonly execute: ExecuteFlags;
  readonly output: OutputFlags;
  /** What follows the flags on the line, and where it begins in the text parsed, from 0. */
  readonly code: string;
  readonly codeColumn: number;
}

/** `%px code` and `%%px`: on a line magic, the first word that is no flag begins the code. */
export function parsePx(magic: string, text: string, takesCode: boolean): PxCall {
  const parsed = parseFlags(text, PX_FLAGS, { magic, rest: takesCode });
  return {
    execute: executeFlags(magic, parsed),
    output: outputFlags(magic, parsed),
    code: parsed.rest,
    codeColumn: parsed.restColumn,
  };
}

export function parsePxConfig(magic: string, text: string): ExecuteFlags {
  return executeFlags(magic, parseFlags(text, EXECUTE_FLAGS, { magic, rest: false }));
}

export function parsePxResult(magic: string, text: string): OutputFlags {
  return outputFlags(magic, parseFlags(text, OUTPUT_FLAGS, { magic, rest: false }));
}

function executeFlags(magic: string, parsed: ParsedFlags): ExecuteFlags {
  const targets = textOf(parsed, '--targets');
  return {
    targets: targets === undefined ? undefined : parseTargets(magic, targets),
    block: lastOf(parsed, '--block', '--noblock'),
    local: parsed.values.has('--local'),
    init: parsed.values.has('--init'),
    verbose: lastOf(parsed, '--verbose', '--no-verbose'),
    stream: lastOf(parsed, '--stream', '--no-stream'),
    progressAfter: secondsOf(magic, parsed, '--progress-after'),
    signal: signalOf(magic, parsed, '--signal-on-interrupt'),
  };
}

function outputFlags(magic: string, parsed: ParsedFlags): OutputFlags {
  const out = textOf(parsed, '--out');
  if (out !== undefined && !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(out)) {
    throw usageOfValue(magic, '--out', out, 'a name');
  }
  return { out, groupBy: groupBy(magic, parsed) };
}

function groupBy(magic: string, parsed: ParsedFlags): GroupBy | undefined {
  const last = parsed.order.findLast((key) => key === '--group-outputs' || key === '-e' || key === '-r');
  if (last === '-e') return 'engine';
  if (last === '-r') return 'order';
  const value = textOf(parsed, '--group-outputs');
  if (value === undefined || value === 'type' || value === 'engine' || value === 'order') return value;
  throw usageOfValue(magic, '--group-outputs', value, 'type, engine or order');
}

function secondsOf(magic: string, parsed: ParsedFlags, key: string): number | undefined {
  const text = textOf(parsed, key);
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds)) return seconds;
  throw usageOfValue(magic, key, text, 'a number of seconds');
}

const SIGNALS: Readonly<Record<string, Signal>> = {
  SIGINT: 'SIGINT',
  SIGTERM: 'SIGTERM',
  SIGKILL: 'SIGKILL',
  '2': 'SIGINT',
  '15': 'SIGTERM',
  '9': 'SIGKILL',
};

function signalOf(magic: string, parsed: ParsedFlags, key: string): Signal | undefined {
  const text = textOf(parsed, key);
  if (text === undefined) return undefined;
  const signal = Object.hasOwn(SIGNALS, text.toUpperCase()) ? SIGNALS[text.toUpperCase()] : undefined;
  if (signal !== undefined) return signal;
  throw usageOfValue(magic, key, text, 'a signal: SIGINT (2), SIGTERM (15) or SIGKILL (9)');
}

function textOf(parsed: ParsedFlags, key: string): string | undefined {
  const value = parsed.values.get(key);
  return typeof value === 'string' ? value : undefined;
}

/** Of two flags that contradict each other the last one given wins. */
function lastOf(parsed: ParsedFlags, yes: string, no: string): boolean | undefined {
  const last = parsed.order.findLast((key) => key === yes || key === no);
  return last === undefined ? undefined : last === yes;
}
