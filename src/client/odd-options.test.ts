import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import type { Client } from './client.ts';
import type { DirectView } from './views/direct-view.ts';
import type { LoadBalancedView } from './views/load-balanced-view.ts';

/**
 * Whatever stands where an option, a flag, a target, a job or a number of seconds belongs: the call does it, or says what
 * is wrong in a sentence of ours. It never waits for ever, since nobody can read it.
 */
const ODD: readonly (readonly [string, unknown])[] = [
  ['a number', 5],
  ['a negative', -1],
  ['NaN', NaN],
  ['a fraction', 1.5],
  ['a huge number', 2 ** 40],
  ['a text', 'x'],
  ['no text', ''],
  ['null', null],
  ['true', true],
  ['an object', {}],
  ['a list', []],
  ['a list of null', [null]],
  ['a symbol', Symbol('odd')],
  ['a function', () => 1],
  ['a bigint', 10n],
  ['a Map', new Map()],
  ['a promise', Promise.resolve(1)],
  ['no date', new Date(NaN)],
  [
    'a getter that throws',
    {
      get a() {
        throw new Error('boo');
      },
    },
  ],
];

/** Seconds; a call takes a few milliseconds. */
const FOR_EVER = 10;
const INTERNAL =
  /Cannot (?:read|convert|destructure)|is not a function|^TypeError: \S+ is not iterable|Invariant|cannot read this request/;

// The types of the interfaces are what is being disregarded.
type Loose<T> = { readonly [K in keyof T]: (...args: unknown[]) => unknown };
let rc: Loose<Client>;
let all: Loose<DirectView>;
let any: Loose<LoadBalancedView>;

beforeAll(async () => {
  const cluster = await testCluster({ n: 2 });
  rc = cluster.rc as never;
  all = cluster.rc.directView('all') as never;
  any = cluster.rc.loadBalancedView() as never;
});
afterAll(closeClusters);

const f = (x: number) => x;
const few = [1, 2, 3];
const many = Array.from({ length: 12 }, (_, i) => i);

/** A call for each of these options. */
function each(name: string, options: readonly string[], call: (options: object) => unknown) {
  return options.map((option) => [`${name}: ${option}`, (odd: unknown) => call({ [option]: odd })] as const);
}

async function listOf(items: unknown): Promise<unknown[]> {
  const list = [];
  for await (const item of items as AsyncIterable<unknown>) list.push(item);
  return list;
}

const COMMON = ['block', 'targets', 'label'];
const FLAGS = [
  'after',
  'follow',
  'timeout',
  'retries',
  'priority',
  'where',
  'clearBefore',
  'clearAfter',
  'runTimeout',
];
const CALLS: readonly (readonly [string, (odd: unknown) => unknown])[] = [
  ...each('map', [...COMMON, 'track', 'returnExceptions', 'ordered', 'chunksize', 'stopOn'], (options) =>
    any.map(f, many, options),
  ),
  ...each('map of a few', [...COMMON, 'chunksize'], (options) => any.map(f, few, options)),
  ...each('map of a DirectView', [...COMMON, 'track', 'returnExceptions'], (options) =>
    all.map(f, few, options),
  ),
  ...each(
    'imap',
    ['targets', 'label', 'ordered', 'returnExceptions', 'maxOutstanding', 'stopOn'],
    (options) => listOf(any.imap(f, few, options)),
  ),
  ...each('with', [...COMMON, 'track', ...FLAGS], (flags) => (any.with(flags) as typeof any).apply(f, 1)),
  ...each('with, and map', FLAGS, (flags) => (any.with(flags) as typeof any).map(f, many)),
  ...each('execute', [...COMMON, 'silent', 'url', 'abortsQueueOnError', 'init'], (options) =>
    all.execute('1', options),
  ),
  ...each('push', [...COMMON, 'track'], (options) => all.push({ a: 1 }, options)),
  ...each('pull', COMMON, (options) => all.pull('a', options)),
  ...each('scatter', [...COMMON, 'dist', 'flatten', 'track'], (options) => all.scatter('s', few, options)),
  ...each('gather', [...COMMON, 'dist'], (options) => all.gather('s', options)),
  ...each('parallel', ['dist', 'chunksize', 'ordered', 'label'], (options) =>
    (any.parallel(options) as (g: unknown) => { map: (items: unknown) => unknown })(f).map(few),
  ),
  ...each('queueStatus', ['targets', 'verbose'], (options) => rc.queueStatus(options)),
  ...each('waitInteractive', ['interval', 'timeout', 'returnWhen'], (options) =>
    rc.waitInteractive(null, options),
  ),
  [
    'the name of a function',
    (odd) =>
      any.map(
        Object.defineProperty((x: number) => x, 'name', { value: odd }),
        many,
      ),
  ],
  ['code', (odd) => all.execute(odd)],
  ['a name to pull', (odd) => all.pull(odd)],
  ['names to push', (odd) => all.push(odd)],
  ['a function to apply', (odd) => any.apply(odd)],
  ['a function to map', (odd) => any.map(odd, few)],
  ['a sequence to map', (odd) => any.map(f, odd)],
  ['a sequence to map on all', (odd) => all.map(f, odd)],
  ['a sequence to scatter', (odd) => all.scatter('q', odd)],
  ['nodes of a graph', (odd) => any.dag(odd, [], f)],
  ['edges of a graph', (odd) => any.dag(['a'], odd, f)],
  [
    'seconds to wait for a result',
    (odd) => (any.apply(f, 1) as { get: (timeout: unknown) => unknown }).get(odd),
  ],
  ['seconds to wait for engines', (odd) => rc.waitForEngines(2, { timeout: odd })],
  ['jobs to wait for', (odd) => rc.wait(odd, 0.1)],
  ['jobs to abort', (odd) => rc.abort(odd)],
  ['jobs to cancel', (odd) => rc.cancel(odd)],
  ['jobs to purge', (odd) => rc.purgeLocalResults(odd)],
  ['jobs to run again', (odd) => rc.resubmit(odd)],
  ['a result to get', (odd) => rc.getResult(odd)],
  ['results to ask after', (odd) => rc.resultStatus(odd)],
  ['a task to tell of', (odd) => rc.story(odd)],
  ['a query', (odd) => rc.dbQuery(odd)],
  ['keys of a query', (odd) => rc.dbQuery({}, odd)],
  ['a value in a query', (odd) => rc.dbQuery({ label: odd })],
  ['an expression in a query', (odd) => rc.dbQuery({ label: { $regex: odd } })],
  ['targets to clear', (odd) => rc.clear(odd)],
  ['targets to interrupt', (odd) => rc.interrupt(odd)],
  ['a signal', (odd) => rc.sendSignal(odd)],
  ['properties', (odd) => rc.setProperties({ a: odd })],
  ['targets of a view', (odd) => (rc.directView(odd) as typeof all).apply(f, 1)],
  ['targets of a balanced view', (odd) => (rc.loadBalancedView(odd) as typeof any).apply(f, 1)],
];

/** What came of it: `done`, a sentence, or that it waits for ever. */
async function outcomeOf(call: () => unknown): Promise<string> {
  let cancel = (): void => undefined;
  const forEver = new Promise<string>((resolve) => {
    const timer = setTimeout(() => {
      resolve('waits for ever');
    }, FOR_EVER * 1000);
    cancel = () => {
      clearTimeout(timer);
    };
  });
  try {
    // A map gives an AsyncResult, which is awaited as a promise is.
    return await Promise.race([Promise.resolve(call()).then(() => 'done'), forEver]);
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : 'thrown, and no Error';
  } finally {
    cancel();
  }
}

describe('what is odd is done or refused in words', () => {
  it.each(CALLS)('%s', async (_, call) => {
    const bad: string[] = [];
    for (const [name, odd] of ODD) {
      const outcome = await outcomeOf(() => call(odd));
      if (outcome === 'waits for ever' || outcome === 'thrown, and no Error' || INTERNAL.test(outcome))
        bad.push(`${name}: ${outcome}`);
    }
    expect(bad).toEqual([]);
  });
});
