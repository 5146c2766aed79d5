import type { Namespace } from '../namespace.ts';
import { preview, sizeText, typeName } from './describe.ts';

/** The user's variables, as `%who` and `%whos` list them: in order of appearance. */

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

const PER_LINE = 8;
const WIDEST = 24;

export function whoText(namespace: Namespace, types: readonly string[]): string {
  const names = variablesOf(namespace, types).map(({ name }) => name);
  if (names.length === 0) return nothing(types);
  const lines: string[] = [];
  for (let i = 0; i < names.length; i += PER_LINE) lines.push(names.slice(i, i + PER_LINE).join('\t'));
  return `${lines.join('\n')}\n`;
}

/** A table: name, type, then size and value. */
export function whosText(namespace: Namespace, types: readonly string[]): string {
  const rows = variablesOf(namespace, types).map(
    ({ name, type, value }) => [name, type, infoOf(value)] as const,
  );
  if (rows.length === 0) return nothing(types);
  const head = ['Variable', 'Type', 'Data/Info'] as const;
  const [first, second] = ([0, 1] as const).map((column) =>
    Math.min(WIDEST, Math.max(...[head, ...rows].map((row) => row[column].length))),
  );
  const line = ([name, type, info]: readonly [string, string, string]) =>
    `${name.padEnd(first ?? 0)}   ${type.padEnd(second ?? 0)}   ${info}`.trimEnd();
  const rule = '-'.repeat(line(head).length);
  return `${[line(head), rule, ...rows.map(line)].join('\n')}\n`;
}

function variablesOf(namespace: Namespace, types: readonly string[]): readonly Variable[] {
  return namespace
    .keys()
    .map((name) => {
      const value = namespace.peek(name);
      return { name, type: typeName(value), value };
    })
    .filter(({ type }) => types.length === 0 || types.includes(type));
}

/** The size, where there is one to tell, and what of the value fits on the line. */
function infoOf(value: unknown): string {
  const isText = typeof value === 'string';
  const size = isText && value.length <= 50 ? '' : sizeText(value);
  if (size === '') return preview(value);
  return `${size}: ${preview(value, 50)}`;
}

function nothing(types: readonly string[]): string {
  return types.length === 0
    ? 'The namespace is empty.\n'
    : `There are no variables of type ${types.join(' or ')}.\n`;
}
