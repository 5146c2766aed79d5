import { AsyncResult } from '../../client/async-result/async-result.ts';
import { Client } from '../../client/client.ts';
import { Cluster } from '../../client/cluster/cluster.ts';
import { EngineSet } from '../../client/cluster/engine-set.ts';
import { CompositeError } from '../../client/composite-error.ts';
import { RemoteError } from '../../client/errors.ts';
import { View } from '../../client/views/view.ts';
import { inspect } from '../../realm/format.ts';
import { signatureOf, sizeText, sourceOf, typeName } from '../../realm/magics/describe.ts';
import { GLOBAL_DOCS, MEMBER_DOCS, type ApiClass } from './api-docs.ts';

const LONGEST_VALUE = 4000;

export interface Described {
  /** As asked for: `rc.ids`. */
  readonly name: string;
  readonly value: unknown;
  /** What the name was read from: for `a.b`, the value of `a`. Undefined for names that stand alone. */
  readonly owner?: unknown;
}

/** What `name?` prints; with its source, what `name??` prints. */
export function describeValue({ name, value, owner }: Described, withSource: boolean): string {
  const docs = docsOf(name, owner);
  const source = typeof value === 'function' ? sourceOf(value) : '';
  const lines = [
    ['Signature', signature(name, value, docs?.[0])],
    ['Type', typeName(value)],
    ['Size', sizeText(value)],
    ['Value', typeof value === 'function' ? '' : cut(inspect(value))],
    ['Docs', docs?.[1] ?? ''],
    ['Source', withSource && docs === undefined ? source : ''],
  ] as const;
  return lines
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `${`${label}:`.padEnd(11)}${text.includes('\n') ? `\n${text}` : text}\n`)
    .join('');
}

/** The documented class that a value is of. */
export function apiClassOf(value: unknown): ApiClass | null {
  if (value instanceof Client) return 'Client';
  if (value instanceof Cluster) return 'Cluster';
  if (value instanceof EngineSet) return 'EngineSet';
  if (value instanceof View) return 'View';
  if (value instanceof AsyncResult) return 'AsyncResult';
  if (value instanceof CompositeError) return 'CompositeError';
  return value instanceof RemoteError ? 'RemoteError' : null;
}

/** Signature and one line, for names of the API, in either spelling. */
export function docsOf(name: string, owner: unknown): readonly [string, string] | undefined {
  const last = camelCase(name.split('.').at(-1) ?? name);
  if (owner === undefined) return Object.hasOwn(GLOBAL_DOCS, name) ? GLOBAL_DOCS[name] : undefined;
  const apiClass = apiClassOf(owner);
  if (apiClass === null || !Object.hasOwn(MEMBER_DOCS[apiClass], last)) return undefined;
  return MEMBER_DOCS[apiClass][last];
}

function signature(name: string, value: unknown, documented: string | undefined): string {
  if (documented !== undefined) return documented.includes('(') ? documented : '';
  return typeof value === 'function' ? (signatureOf(value, name.split('.').at(-1) ?? name) ?? '') : '';
}

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)} …` : text;
}

function camelCase(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
