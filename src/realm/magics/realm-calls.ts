import { padTo } from '../../lang/positions.ts';
import { parseFlags, UsageError, usageOfValue, type FlagSpec, type ParsedFlags } from './flags.ts';
import { signOf, type MagicCall } from './magic-call.ts';

/**
 * The magics that every realm runs itself, kernel and engines alike: `%time`, `%timeit`, `%who`, `%whos`,
 * `%reset`. Here their text is read; what comes out is plain data, which travels inside generated code.
 */
export type RealmCall =
  | { readonly name: 'time' }
  | {
      readonly name: 'timeit';
      /** Loops of one run; null: as many as take long enough to be measured. */
      readonly loops: number | null;
      readonly runs: number;
      /** Significant digits. */
      readonly precision: number;
      readonly quiet: boolean;
      /** The result is the value of the magic. */
      readonly isValue: boolean;
    }
  /** `types`: only these; empty for all. */
  | { readonly name: 'who' | 'whos'; readonly types: readonly string[] }
  | { readonly name: 'reset'; readonly force: boolean };

export interface MagicSpec {
  readonly forms: 'line' | 'cell' | 'both';
  /** What stands behind the name. */
  readonly usage: string;
  /** One line. */
  readonly help: string;
  readonly flags: readonly FlagSpec[];
}

const TIMEIT_FLAGS: readonly FlagSpec[] = [
  { kind: 'value', names: ['-n'], value: 'N', help: 'loops of one run (default: as many as take 0.2 s)' },
  { kind: 'value', names: ['-r'], value: 'R', help: 'runs (7)' },
  { kind: 'value', names: ['-p'], value: 'P', help: 'significant digits (3)' },
  { kind: 'flag', names: ['-q'], help: 'print nothing' },
  { kind: 'flag', names: ['-o'], help: 'the value is the result: average, stdev, best, worst, allRuns' },
];

export const REALM_MAGICS = {
  time: {
    forms: 'both',
    usage: '[code]',
    help: 'run code once and print how long it took',
    flags: [],
  },
  timeit: {
    forms: 'both',
    usage: '[-n N] [-r R] [-p P] [-q] [-o] code; %%timeit [flags] [setup]',
    help: 'run code many times and print how long one time takes; a promise it ends with is awaited',
    flags: TIMEIT_FLAGS,
  },
  who: { forms: 'line', usage: '[type …]', help: 'print the names of your variables', flags: [] },
  whos: {
    forms: 'line',
    usage: '[type …]',
    help: 'print your variables: name, type, size or value',
    flags: [],
  },
  reset: {
    forms: 'line',
    usage: '-f',
    help: 'remove all your variables',
    flags: [{ kind: 'flag', names: ['-f'], help: 'do it: they cannot be brought back' }],
  },
} as const satisfies Record<RealmCall['name'], MagicSpec>;

export type RealmMagicName = keyof typeof REALM_MAGICS;

export function isRealmMagic(name: string): name is RealmMagicName {
  return Object.hasOwn(REALM_MAGICS, name);
}

export interface RealmUse {
  readonly call: RealmCall;
  /** What it measures, at its place in the cell; null for magics without code. */
  readonly body: string | null;
  /** Runs once, before `%%timeit`'s body; null without. */
  readonly setup: string | null;
}

/** Reads a magic of this table. Throws UsageError. */
export function readRealmMagic(name: RealmMagicName, call: MagicCall): RealmUse {
  checkForm(call, REALM_MAGICS[name]);
  const isTimed = name === 'time' || name === 'timeit';
  const magic = signOf(call);
  const parsed = parseFlags(call.rest, REALM_MAGICS[name].flags, { magic, rest: name !== 'reset' });
  const realmCall = readCall(name, magic, parsed);
  if (!isTimed) return { call: realmCall, body: null, setup: null };
  const onLine = { text: parsed.rest, at: padTo(parsed.rest, call.line, call.column + parsed.restColumn) };
  if (!call.isCell) return { call: realmCall, body: needed(onLine.text, onLine.at, magic), setup: null };
  const body = needed(call.body, padTo(call.body, call.bodyLine), magic);
  const setup = onLine.text === '' ? null : onLine.at;
  if (setup !== null && name === 'time') {
    throw new UsageError(`${magic}: code goes on the lines below. Nothing was run.`);
  }
  return { call: realmCall, body, setup };
}

/** Refuses `%%who`, and the like. */
export function checkForm(call: MagicCall, { forms }: MagicSpec): void {
  if (forms === 'both' || (forms === 'cell') === call.isCell) return;
  const right = call.isCell ? `%${call.name}` : `%%${call.name}`;
  const how = call.isCell ? 'a magic of one line' : 'a magic of a whole cell';
  throw new UsageError(`${signOf(call)}: ${call.name} is ${how}: write ${right}. Nothing was run.`);
}

function needed(text: string, placed: string, magic: string): string {
  if (text.trim() !== '') return placed;
  const where = magic.startsWith('%%') ? 'under' : 'behind';
  throw new UsageError(`${magic}: there is no code ${where} it. Nothing was run.`);
}

function readCall(name: RealmMagicName, magic: string, parsed: ParsedFlags): RealmCall {
  switch (name) {
    case 'time':
      return { name };
    case 'timeit':
      return {
        name,
        loops: countOf(parsed, magic, '-n', null),
        runs: countOf(parsed, magic, '-r', 7),
        precision: Math.min(17, countOf(parsed, magic, '-p', 3)),
        quiet: parsed.values.has('-q'),
        isValue: parsed.values.has('-o'),
      };
    case 'who':
    case 'whos':
      return { name, types: parsed.rest.split(/\s+/).filter((word) => word !== '') };
    case 'reset':
      return { name, force: parsed.values.has('-f') };
  }
}

function countOf<Default extends number | null>(
  parsed: ParsedFlags,
  magic: string,
  flag: string,
  missing: Default,
): number | Default {
  const text = parsed.values.get(flag);
  if (typeof text !== 'string') return missing;
  const count = Number(text.replaceAll(/[,_]/g, ''));
  if (Number.isSafeInteger(count) && count > 0) return count;
  // IPython's way to say "as many as it takes".
  if (count === 0 && missing === null) return missing;
  throw usageOfValue(magic, flag, text, 'a positive whole number');
}
