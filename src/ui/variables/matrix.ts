import type { EngineId } from '../../protocol/ids.ts';
import type { Lane } from '../../protocol/outputs.ts';
import { formatBytes, formatCount, formatEngines } from '../format.ts';
import type { KnownVariable, LaneVariables } from './variables.ts';

/** The matrix of variables: a row for each name, a column for the kernel and for each engine. */

/**
 * How the value on an engine stands to those on the others: the same on all that have the name, the same on most of
 * them, another one, or the only one.
 */
export type Relation = 'same' | 'most' | 'differs' | 'alone';

export interface MatrixCell {
  readonly lane: Lane;
  /** `named`: there is such a name; more cannot be known from here. */
  readonly presence: 'absent' | 'named' | 'known';
  /** Null unless `known`. */
  readonly variable: KnownVariable | null;
  /** Null for the kernel, and unless `known`. */
  readonly relation: Relation | null;
}

export interface MatrixRow {
  readonly name: string;
  readonly cells: readonly MatrixCell[];
  /** Lists on several engines that look like the parts of one: `3 × 250`. */
  readonly parts: string | null;
  /** Of all that have it. */
  readonly bytes: number;
  readonly changedAt: number | null;
}

export type MatrixOrder = 'name' | 'size' | 'changed';

/** All names there are, as people count. */
export function allNames(lists: readonly (readonly string[])[]): readonly string[] {
  const all = new Set<string>();
  for (const names of lists) for (const name of names) all.add(name);
  return [...all].sort(byName);
}

/** Those of `all` that pass the filter, in the order asked for. */
export function namesInOrder(
  all: readonly string[],
  lanes: readonly LaneVariables[],
  filter: string,
  order: MatrixOrder,
): readonly string[] {
  const wanted = filter.trim().toLowerCase();
  const names = wanted === '' ? [...all] : all.filter((name) => name.toLowerCase().includes(wanted));
  if (order === 'name') return names;
  const weights = new Map(names.map((name) => [name, weightOf(name, lanes, order)]));
  return names.sort((a, b) => (weights.get(b) ?? 0) - (weights.get(a) ?? 0));
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

function byName(a: string, b: string): number {
  return COLLATOR.compare(a, b);
}

function weightOf(name: string, lanes: readonly LaneVariables[], order: 'size' | 'changed'): number {
  let weight = 0;
  for (const { known } of lanes) {
    const variable = known.get(name);
    if (!variable) continue;
    if (order === 'size') weight += variable.bytes;
    else weight = Math.max(weight, variable.changedAt ?? 0);
  }
  return weight;
}

export function rowOf(name: string, lanes: readonly LaneVariables[]): MatrixRow {
  const relations = relationsOf(name, lanes);
  const cells = lanes.map((lane): MatrixCell => {
    const variable = lane.known.get(name) ?? null;
    const isNamed = lane.state === 'closed' && lane.names.includes(name);
    return {
      lane: lane.lane,
      presence: variable ? 'known' : isNamed ? 'named' : 'absent',
      variable,
      relation: relations.get(lane.lane) ?? null,
    };
  });
  const changed = cells.flatMap(({ variable }) => variable?.changedAt ?? []);
  return {
    name,
    cells,
    parts: partsOf(cells),
    bytes: cells.reduce((sum, { variable }) => sum + (variable?.bytes ?? 0), 0),
    changedAt: changed.length > 0 ? Math.max(...changed) : null,
  };
}

function relationsOf(name: string, lanes: readonly LaneVariables[]): ReadonlyMap<Lane, Relation> {
  const groups = new Map<string, Lane[]>();
  let holders = 0;
  for (const { lane, known } of lanes) {
    const variable = known.get(name);
    if (lane === null || !variable) continue;
    holders++;
    const key = `${variable.type} ${variable.digest}`;
    groups.set(key, [...(groups.get(key) ?? []), lane]);
  }
  const relations = new Map<Lane, Relation>();
  for (const group of groups.values()) {
    const relation: Relation =
      holders === 1
        ? 'alone'
        : group.length === holders
          ? 'same'
          : group.length * 2 > holders
            ? 'most'
            : 'differs';
    for (const lane of group) relations.set(lane, relation);
  }
  return relations;
}

/** Dividing leaves lists whose lengths differ by one at most. */
function partsOf(cells: readonly MatrixCell[]): string | null {
  const parts = cells.filter(({ lane }) => lane !== null).flatMap(({ variable }) => variable ?? []);
  const [first] = parts;
  if (!first || parts.length < 2) return null;
  if (parts.some(({ kind, type, length }) => kind !== 'list' || type !== first.type || length === null)) {
    return null;
  }
  if (new Set(parts.map(({ digest }) => digest)).size < 2) return null;
  const lengths = parts.map(({ length }) => length ?? 0);
  const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
  if (most - least > 1 || most === 0) return null;
  const each = least === most ? formatCount(least) : `${formatCount(least)}–${formatCount(most)}`;
  return `${String(parts.length)} × ${each}`;
}

/** `Float64Array of 250`, `number`, `function`. */
export function typeText({ type, length }: KnownVariable): string {
  return length === null ? type : `${type} of ${formatCount(length)}`;
}

/** `2 kB`; for what was only looked at in samples `about 2 kB`. */
export function sizeText({ bytes, whole, kind }: KnownVariable): string {
  return whole || kind === 'string' || kind === 'list' ? formatBytes(bytes) : `about ${formatBytes(bytes)}`;
}

const RELATIONS: Readonly<Record<Relation, string>> = {
  same: 'the same on all that have it',
  most: 'the same as on most',
  differs: 'differs',
  alone: 'only here',
};

/** Of big values only samples were compared: they tell what differs, not what is the same. */
function relationText(relation: Relation, variable: KnownVariable): string {
  const isSure = variable.whole || relation === 'differs' || relation === 'alone';
  return RELATIONS[relation] + (isSure ? '' : ', as far as samples tell');
}

export function laneName(lane: Lane): string {
  return lane === null ? 'kernel' : `engine ${String(lane)}`;
}

/** What a screen reader says of a cell: `data, engine 2, Float64Array of 250, differs`. */
export function cellLabel(name: string, { lane, variable, relation, presence }: MatrixCell): string {
  const where = `${name}, ${laneName(lane)}`;
  if (!variable) return `${where}, ${presence === 'named' ? 'is there' : 'not there'}`;
  return [where, typeText(variable), ...(relation === null ? [] : [relationText(relation, variable)])].join(
    ', ',
  );
}

export interface ValueGroup {
  /** `kernel`, `e0–e3`. */
  readonly who: string;
  readonly lanes: readonly Lane[];
  readonly variable: KnownVariable;
}

/** Who holds which value: those that hold the same stand together, the kernel for itself. */
export function valueGroups({ cells }: MatrixRow): readonly ValueGroup[] {
  const groups = new Map<string, { lanes: Lane[]; variable: KnownVariable }>();
  for (const { lane, variable } of cells) {
    if (!variable) continue;
    const key = `${lane === null ? 'kernel' : ''} ${variable.type} ${variable.digest}`;
    const group = groups.get(key);
    if (group) group.lanes.push(lane);
    else groups.set(key, { lanes: [lane], variable });
  }
  return [...groups.values()].map(({ lanes, variable }) => {
    const engines = lanes.filter((lane): lane is EngineId => lane !== null);
    return { who: engines.length === 0 ? 'kernel' : formatEngines(engines), lanes, variable };
  });
}

/** The line that brings the value into the kernel: from one engine, or the parts of one array from all that have
 * some. */
export function pullLine({ name, cells, parts }: MatrixRow, lane: Lane): string {
  const target = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : `globalThis[${quoted(name)}]`;
  const engines = cells.flatMap(({ lane: each, presence }) =>
    each !== null && presence !== 'absent' ? [each] : [],
  );
  const everywhere = engines.length === cells.filter((cell) => cell.lane !== null).length;
  const view = lane !== null ? `rc[${String(lane)}]` : everywhere ? "rc[':']" : `rc[[${engines.join(', ')}]]`;
  return `${target} = await ${view}.${lane === null && parts !== null ? 'gather' : 'pull'}(${quoted(name)})`;
}

function quoted(name: string): string {
  return `'${name.replaceAll(/[\\']/g, '\\$&')}'`;
}
