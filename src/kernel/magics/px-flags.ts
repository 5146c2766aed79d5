import { parseFlags, usageOfValue, type FlagSpec, type ParsedFlags } from './arguments.ts';
import { parseTargets, type Targets } from './targets.ts';

/** How captured output is ordered when it is shown at the end: features §10, `displayOutputs`. */
export type GroupBy = 'type' | 'engine' | 'order';

/** The flags that `%px`, `%%px` and `%pxconfig` share. Undefined: as the view, or the default, says. */
export interface ExecuteFlags {
  readonly targets: Targets | undefined;
  readonly block: boolean | undefined;
  readonly local: boolean;
  readonly verbose: boolean | undefined;
  readonly stream: boolean | undefined;
  /** Name or number of what a KeyboardInterrupt sends to the engines. */
  readonly signal: string | undefined;
}

/** The flags that `%%px` and `%pxresult` share. */
export interface OutputFlags {
  readonly out: string | undefined;
  readonly groupBy: GroupBy;
}

const EXECUTE: readonly FlagSpec[] = [
  { kind: 'value', names: ['--targets', '-t'], value: 'TARGETS', help: 'where: all, 1, 0,2 or ::2' },
  { kind: 'flag', names: ['--block', '-b'], help: 'wait, and show what the engines say' },
  { kind: 'flag', names: ['--noblock', '-a'], help: 'do not wait; the value is an AsyncResult' },
  { kind: 'flag', names: ['--local'], help: 'run here too, in the kernel' },
  { kind: 'flag', names: ['--verbose'], help: 'say which engines it runs on' },
  { kind: 'flag', names: ['--no-verbose'], help: 'do not' },
  { kind: 'flag', names: ['--stream'], help: 'show output while it happens (the default)' },
  { kind: 'flag', names: ['--no-stream'], help: 'show output at the end, grouped' },
  { kind: 'value', names: ['--signal-on-interrupt'], value: 'SIGNAL', help: 'what Interrupt sends (SIGINT)' },
];
const OUTPUT: readonly FlagSpec[] = [
  { kind: 'value', names: ['--out', '-o'], value: 'NAME', help: 'keep the AsyncResult under this name' },
  { kind: 'value', names: ['--group-outputs', '-g'], value: 'HOW', help: 'type, engine or order' },
  { kind: 'flag', names: ['-e'], help: 'short for --group-outputs engine' },
  { kind: 'flag', names: ['-r'], help: 'short for --group-outputs order' },
];

export interface PxCall {
  readonly execute: ExecuteFlags;
  readonly output: OutputFlags;
  /** What follows the flags on the line, and the column it begins at in the text parsed. */
  readonly code: string;
  readonly codeColumn: number;
}

/** `%px code` and `%%px`: on a line magic, the first word that is no flag begins the code. */
export function parsePx(magic: string, text: string, takesCode: boolean): PxCall {
  const parsed = parseFlags(text, [...EXECUTE, ...OUTPUT], { magic, rest: takesCode });
  return {
    execute: executeFlags(magic, parsed),
    output: outputFlags(magic, parsed),
    code: parsed.rest,
    codeColumn: parsed.restColumn,
  };
}

export function parsePxConfig(magic: string, text: string): ExecuteFlags {
  return executeFlags(magic, parseFlags(text, EXECUTE, { magic, rest: false }));
}

export function parsePxResult(magic: string, text: string): OutputFlags {
  return outputFlags(magic, parseFlags(text, OUTPUT, { magic, rest: false }));
}

function executeFlags(magic: string, parsed: ParsedFlags): ExecuteFlags {
  const targets = textOf(parsed, '--targets');
  return {
    targets: targets === undefined ? undefined : parseTargets(magic, targets),
    block: lastOf(parsed, '--block', '--noblock'),
    local: parsed.values.has('--local'),
    verbose: lastOf(parsed, '--verbose', '--no-verbose'),
    stream: lastOf(parsed, '--stream', '--no-stream'),
    signal: textOf(parsed, '--signal-on-interrupt'),
  };
}

function outputFlags(magic: string, parsed: ParsedFlags): OutputFlags {
  const out = textOf(parsed, '--out');
  if (out !== undefined && !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(out)) {
    throw usageOfValue(magic, '--out', out, 'a name');
  }
  return { out, groupBy: groupBy(magic, parsed) };
}

function groupBy(magic: string, parsed: ParsedFlags): GroupBy {
  const last = parsed.order.findLast((key) => key === '--group-outputs' || key === '-e' || key === '-r');
  if (last === '-e') return 'engine';
  if (last === '-r') return 'order';
  const value = textOf(parsed, '--group-outputs') ?? 'type';
  if (value === 'type' || value === 'engine' || value === 'order') return value;
  throw usageOfValue(magic, '--group-outputs', value, 'type, engine or order');
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
