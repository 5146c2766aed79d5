import type { EngineState } from '../../protocol/client-messages.ts';
import type { EngineId } from '../../protocol/ids.ts';
import type { Completion, CompletionKind } from '../../protocol/kernel-messages.ts';
import { typeName } from '../../realm/magics/describe.ts';
import type { Namespace } from '../../realm/namespace.ts';
import { splitMagics } from '../../lang/magics.ts';
import { magicHelp } from '../magics/help.ts';
import type { Magic, MagicRegistry } from '../magics/magic.ts';
import { beforeCursor, nameAt } from './cursor.ts';
import { describeValue, docsOf } from './describe-value.ts';
import { kindOf, membersOf, seeAt, type StepInto } from '../../realm/looking/look.ts';

/** What completion and inspection look at. */
export interface Sights {
  readonly globals: object;
  readonly namespace: Namespace;
  readonly magics: MagicRegistry;
  readonly stepInto: StepInto;
  engines(): readonly EngineState[];
  /** The engines that cells go to while %autopx is on; null: it is off. */
  readonly autopx: () => readonly EngineId[] | null;
}

export interface Completions {
  readonly from: number;
  readonly to: number;
  /** Best first. */
  readonly items: readonly Completion[];
}

const MOST_ITEMS = 500;

/**
 * What could stand at the cursor: a live look at the namespace that runs none of the user's code, so that it may
 * be taken at any time. After `%` magics, after a magic its flags, after a dot the names of the object, else
 * names, in code for engines with those that engines have.
 */
export function complete(code: string, cursor: number, sights: Sights): Completions {
  const at = Math.max(0, Math.min(cursor, code.length));
  const magic = completeMagic(code, at, sights.magics);
  if (magic) return magic;
  const { path, prefix, from } = beforeCursor(code, at);
  const items =
    path === null ? [] : path.length > 0 ? members(path, prefix, sights) : names(code, at, sights);
  return { from, to: at, items: matching(items, prefix) };
}

export interface Inspected {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly path: readonly string[];
  readonly engines: readonly EngineId[];
}

/** What the name at the cursor is, as `name?` tells, and where its value is to be looked up; null when nothing is
 * known without running code. */
export function inspectAt(code: string, cursor: number, sights: Sights): Inspected | null {
  const name = nameAt(code, Math.max(0, Math.min(cursor, code.length)));
  if (name === null) return null;
  const { from, to, path, text } = name;
  const sign = /%{1,2}$/.exec(code.slice(0, from))?.[0];
  if (sign !== undefined && path.length === 1 && sights.magics.get(text)) {
    const help = magicHelp(`${sign}${text}`, sights.magics);
    return { from: from - sign.length, to, text: help, path: [], engines: [] };
  }
  const engines = enginesAt(code, cursor, sights);
  if (engines.length > 0) return { from, to, text: '', path, engines };
  const [root = ''] = path;
  const rest = { path: sights.namespace.keys().includes(root) ? path : [], engines };
  const seen = seeAt(sights.globals, path, sights.stepInto);
  const owner =
    path.length === 1 ? { value: undefined } : seeAt(sights.globals, path.slice(0, -1), sights.stepInto);
  if (seen !== null)
    return {
      from,
      to,
      text: describeValue({ name: text, value: seen.value, owner: owner?.value }, false),
      ...rest,
    };
  const docs = owner === null ? undefined : docsOf(text, owner.value);
  return docs ? { from, to, text: `${docs[0]}\n${docs[1]}\n`, ...rest } : null;
}

// Magics

const MAGIC_NAME =
  /^\s*(?:(?:const|let|var)\s+)?(?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=\s*)?(%{1,2})([A-Za-z]\w*)?$/u;
const MAGIC_LINE =
  /^\s*(?:(?:const|let|var)\s+)?(?:[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=\s*)?%{1,2}([A-Za-z]\w*)\s+(.*)$/u;

function completeMagic(code: string, cursor: number, magics: MagicRegistry): Completions | null {
  const line = code.slice(code.lastIndexOf('\n', cursor - 1) + 1, cursor);
  const [, sign, typed = ''] = MAGIC_NAME.exec(line) ?? [];
  if (sign !== undefined) {
    const from = cursor - sign.length - typed.length;
    const { line: lines, cell } = magics.listed();
    const fitting = (sign === '%%' ? cell : [...lines, ...cell]).filter((name) =>
      name.startsWith(`${sign}${typed}`),
    );
    const items = fitting.map((name) => {
      return { name, kind: 'magic' as const, detail: magics.get(name.replace(/^%+/, ''))?.help ?? '' };
    });
    return { from, to: cursor, items };
  }
  const [, name = '', rest = ''] = MAGIC_LINE.exec(line) ?? [];
  const magic = magics.get(name);
  return magic ? completeFlag(magic, rest, cursor) : null;
}

/** Null where no flag can stand: code has begun. */
function completeFlag(magic: Magic, rest: string, cursor: number): Completions | null {
  const words = rest.split(/\s+/);
  const typed = words.at(-1) ?? '';
  if (!typed.startsWith('-') || !words.slice(0, -1).every((word, i) => isFlagOrValue(magic, words, word, i)))
    return null;
  const items = magic.flags.flatMap(({ names, help }) =>
    names
      .filter((name) => name.startsWith(typed))
      .map((name) => ({ name, kind: 'flag' as const, detail: help })),
  );
  return { from: cursor - typed.length, to: cursor, items };
}

function isFlagOrValue({ flags }: Magic, words: readonly string[], word: string, i: number): boolean {
  const [name = ''] = word.split('=');
  if (word === '' || flags.some(({ names }) => names.includes(name))) return true;
  const before = words[i - 1];
  return flags.some(({ kind, names }) => kind === 'value' && before !== undefined && names.includes(before));
}

// Names

function members(
  path: readonly string[],
  prefix: string,
  { globals, stepInto }: Sights,
): readonly Completion[] {
  const seen = seeAt(globals, path, stepInto);
  if (seen === null) return [];
  const found = membersOf(seen.value);
  const all = new Set(found.map(({ name }) => name));
  return found
    .filter(({ name }) => prefix.includes('_') || !isTwin(name, all))
    .map(({ name, kind }) => {
      const docs = docsOf(name, seen.value);
      return { name, kind, ...(docs ? { detail: docs[0] } : {}) };
    });
}

/** IPython's spelling of a name that is there in ours, and names that begin with an underscore. */
function isTwin(name: string, all: ReadonlySet<string>): boolean {
  if (name.startsWith('_')) return true;
  if (!name.includes('_')) return false;
  return all.has(
    name.replaceAll(/(?<=[a-z0-9])_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase()),
  );
}

function names(code: string, cursor: number, sights: Sights): readonly Completion[] {
  const own = new Set(sights.namespace.keys());
  const mine = [...own].map((name) => named(name, sights));
  const rest = Object.getOwnPropertyNames(sights.globals)
    .filter((name) => !own.has(name) && !name.startsWith('__'))
    .map((name) => named(name, sights));
  const remote = engineNames(sights.engines(), enginesAt(code, cursor, sights));
  const far = new Set(remote.map(({ name }) => name));
  return [
    ...remote,
    ...mine.filter(({ name }) => !far.has(name)),
    ...rest.filter(({ name }) => !far.has(name)),
  ];
}

function named(name: string, { namespace }: Sights): Completion {
  const value = namespace.peek(name);
  const kind = kindOf(value);
  const type: CompletionKind = kind === 'property' ? 'variable' : kind;
  return { name, kind: type, detail: docsOf(name, undefined)?.[0] ?? typeName(value) };
}

/** The engines that the code at the cursor runs on; none: it runs here. */
function enginesAt(code: string, cursor: number, { magics, autopx }: Sights): readonly EngineId[] {
  const line = code.slice(code.lastIndexOf('\n', cursor - 1) + 1, cursor);
  const [, onLine, flags = ''] = MAGIC_LINE.exec(line) ?? [];
  if (onLine !== undefined) return magics.get(onLine)?.engines?.(flags) ?? [];
  const [first] = splitMagics(code);
  if (first?.kind === 'cell-magic') return magics.get(first.name)?.engines?.(first.rest) ?? [];
  return autopx() ?? [];
}

/** The variables of these engines, each with those that have it: `e1, e2`. */
function engineNames(states: readonly EngineState[], targets: readonly EngineId[]): readonly Completion[] {
  const living = states.filter(({ status }) => status !== 'dead');
  const owners = new Map<string, EngineId[]>();
  for (const { id, names: known } of living.filter(({ id }) => targets.includes(id))) {
    for (const name of known) owners.set(name, [...(owners.get(name) ?? []), id]);
  }
  return [...owners].map(([name, ids]) => {
    const isEverywhere = ids.length === living.length && ids.length > 1;
    const detail = isEverywhere ? 'all engines' : ids.map((id) => `e${String(id)}`).join(', ');
    return { name, kind: 'engine-variable' as const, detail };
  });
}

/** Those that begin so, then those that do but for capitals. */
function matching(items: readonly Completion[], prefix: string): readonly Completion[] {
  const lower = prefix.toLowerCase();
  const fitting = items.filter(({ name }) => name.toLowerCase().startsWith(lower));
  const [exact, loose] = [true, false].map((is) =>
    fitting.filter(({ name }) => name.startsWith(prefix) === is),
  );
  return [...(exact ?? []), ...(loose ?? [])].slice(0, MOST_ITEMS);
}
