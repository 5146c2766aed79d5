import { serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import type { MsgId } from './ids.ts';
import { pack } from './pack.ts';
import { intoRuns, outOfRuns } from './runs.ts';

const AT = 1_750_000_000_000;

const terms = {
  after: null,
  follow: null,
  timeout: 0,
  retries: 2,
  priority: 0,
  runTimeout: 0,
  conditional: false,
};
const route = { type: 'balanced', targets: null, share: 'me/1' };
const id = (n: number) => `me_${String(n)}` as MsgId;
const f = (x: number) => x;

const mapOf = (item: unknown) => ({
  method: 'map',
  call: pack({ f, columns: [[item]] }),
  name: 'f',
  returnExceptions: false,
});
const applyTo = (...args: unknown[]) => ({ method: 'apply', call: pack({ f, args }), name: 'f' });
const submit = (n: number, request: unknown, more: object = {}) => ({
  type: 'submit',
  submission: {
    ...{ msgId: id(n), clientId: 'me', route, request, label: null, submitted: AT + n, runId: 'run-1' },
    abortsQueueOnError: false,
    ...more,
  },
});
const request = (n: number, of: unknown, more: object = {}) => ({
  ...{ type: 'request', msgId: id(n), request: of, abortsQueueOnError: false, client: 'me', ...more },
});
const end = (value: unknown, more: object = {}) => ({
  outcome: { status: 'ok', value: pack(value) },
  facts: { started: AT, completed: AT + 1, executeResult: null, executionCount: 3, ...more },
});
const failed = { outcome: { status: 'aborted', reason: 'It was aborted.' }, facts: end(0).facts };
const reply = (n: number, ended: object = end([n])) => ({ type: 'reply', reply: { msgId: id(n), ...ended } });
const settled = (n: number, ended: object = end([n]), more: object = {}) => ({
  type: 'settled',
  clientId: 'me',
  settlement: { msgId: id(n), ...ended, engineId: n % 3, engineUuid: `engine-${String(n % 2)}`, ...more },
});
const assigned = (n: number) => ({ type: 'assigned', clientId: 'me', msgId: id(n), engineId: n % 3 });
const printed = (n: number) => ({
  type: 'event',
  msgId: id(n),
  event: { type: 'stream', name: 'stdout', text: 'x' },
});
const toKernel = (message: object, cluster?: number) => ({
  type: 'controller',
  message,
  ...(cluster !== undefined && { cluster }),
});

const many = <T>(make: (n: number) => T, count = 6): T[] => Array.from({ length: count }, (_, n) => make(n));
const there = (batch: readonly unknown[]) => outOfRuns(structuredClone(intoRuns(batch)));

const ALIKE: Readonly<Record<string, readonly unknown[]>> = {
  'submissions of a map': many((n) => submit(n, mapOf(n))),
  'of a map with terms': many((n) => submit(n, mapOf(n), { route: { ...route, terms } })),
  'of applies': many((n) => submit(n, applyTo(n, 'x', undefined, 5n, -0, NaN))),
  'of applies without arguments': many((n) => submit(n, applyTo())),
  'tracked, labelled': many((n) => submit(n, mapOf('text'), { tracked: true, label: 'mine' })),
  'on their way through a kernel': many((n) => toKernel(submit(n, mapOf(n)))),
  'to a cluster of a cell': many((n) => toKernel(settled(n), 7)),
  'requests for an engine': many((n) => request(n, mapOf(n))),
  replies: many((n) => reply(n)),
  'replies of applies': many((n) => reply(n, end(n))),
  'replies that are objects': many((n) => reply(n, end([{ n, list: [1, null, undefined], at: { x: 'y' } }]))),
  'replies with functions': many((n) => reply(n, end(f))),
  'replies without times': many((n) => reply(n, end(n, { started: null, completed: null }))),
  settlements: many((n) => settled(n)),
  assignments: many(assigned),
};

test.each(Object.entries(ALIKE))('%s cross as one message, and arrive as they were', (_, batch) => {
  const runs = intoRuns(batch);
  expect(runs).toHaveLength(1);
  expect(outOfRuns(structuredClone(runs))).toEqual(batch);
});

test('assignments and settlements of a controller cross as two messages, those before these', () => {
  const batch = many((n) => [toKernel(settled(n)), toKernel(assigned(n + 100))]).flat();
  expect(intoRuns(batch)).toHaveLength(2);
  expect(there(batch)).toEqual([
    ...batch.filter((_, i) => i % 2 === 1),
    ...batch.filter((_, i) => i % 2 === 0),
  ]);
});

const buffer = () => new Uint8Array([1, 2, 3]).buffer;

const APART: Readonly<Record<string, readonly unknown[]>> = {
  'fewer than four': many((n) => reply(n), 3),
  'direct requests': many((n) => submit(n, mapOf(n), { route: { type: 'direct', engine: 0 } })),
  'calls on several engines': many((n) => submit(n, mapOf(n), { seat: { rank: n } })),
  'arguments that are objects': many((n) => submit(n, mapOf({ n }))),
  'several items to a task': many((n) => submit(n, { ...mapOf(0), call: pack({ f, columns: [[n, n]] }) })),
  'functions that bring variables along': many((n) => {
    const call = pack({ f, columns: [[n]] });
    Object.assign((call.value as { f: object }).f, { captured: { names: ['k'], values: [{ n }] } });
    return submit(n, { ...mapOf(0), call });
  }),
  'buffers among the arguments': many((n) => submit(n, applyTo(buffer()))),
  failures: many((n) => reply(n, failed)),
  'results with buffers': many((n) => settled(n, end(buffer()))),
  'results with handles': many((n) => settled(n, end([new Map([[1, 2]])]))),
  'long results': many((n) => settled(n, end(Array.from({ length: 100 }, () => n)))),
  'shown results': many((n) => reply(n, end(n, { executeResult: { data: {}, metadata: {} } }))),
  'what was printed': many((n) => settled(n, end(n), { shown: [] })),
  'those of no engine': many((n) => settled(n, end(n), { engineId: null })),
  'names that changed': many((n) => ({ ...reply(n), names: ['a'] })),
  'what a request has called': many((n) => {
    const told = reply(n);
    return { ...told, reply: { ...told.reply, called: { count: 1, digest: 2, last: 'comm.barrier()' } } };
  }),
  'members of a group': many((n) => request(n, mapOf(n), { membership: { rank: n } })),
  'ids of others': many((n) => ({ ...assigned(n), msgId: `you_${String(n)}` })),
  'other messages': many(printed),
  'messages that are lists': [[], [[]], [{ cell: 'a', nth: 0 }], [1, 2, 'x', 3]],
  nonsense: [1, null, undefined, 'x', {}, { type: 'controller' }],
  'what looks like ours': ['submit', 'request', 'assigned', 'reply', 'settled'].map((type) => ({
    type,
    msgId: 5,
  })),
};

test.each(Object.entries(APART))('%s cross one by one', (_, batch) => {
  expect(intoRuns(batch)).toHaveLength(batch.length);
  expect(there(batch)).toEqual(batch);
});

const toEngine = { route: { type: 'direct', engine: 2 } };

const SHORT: Readonly<Record<string, unknown>> = {
  'a call of one engine': submit(1, applyTo(1, 'x', undefined, 5n, NaN, { a: [1] }), toEngine),
  'one with a label, out of a cell': toKernel(
    submit(1, applyTo(), { ...toEngine, label: 'mine', runId: null }),
  ),
  'of a cluster of a cell': toKernel(submit(1, applyTo(f), toEngine), 7),
  'a request': request(1, applyTo({ n: 1 }), { abortsQueueOnError: true }),
  'a reply': reply(1, end({ a: [1, f] })),
  'a reply without times': reply(1, end(undefined, { started: null, completed: null })),
  'a settlement': toKernel(settled(1, end('text'))),
  'that of no engine': settled(1, end(0), { engineId: null, engineUuid: null }),
};

test.each(Object.entries(SHORT))('%s crosses as a list, and arrives as it was', (_, message) => {
  const [sent] = intoRuns([message]) as [readonly unknown[]];
  expect(Array.isArray(sent)).toBe(true);
  expect(outOfRuns(structuredClone([sent]))).toStrictEqual([message]);
});

const chain = () => {
  let error = new Error('first');
  for (let i = 0; i < 600; i++) error = new Error('next', { cause: error });
  return error;
};

const LONG: Readonly<Record<string, unknown>> = {
  'a map': submit(1, mapOf(1), toEngine),
  'one with a limit in time': submit(1, applyTo(), { route: { ...toEngine.route, runTimeout: 1 } }),
  'one of a group': submit(1, applyTo(), { ...toEngine, seat: { rank: 0 } }),
  'one that is tracked': submit(1, applyTo(), { ...toEngine, tracked: true }),
  'code to be run again': submit(1, applyTo(), { ...toEngine, init: { key: 'k' } }),
  'buffers among the arguments': submit(1, applyTo(new ArrayBuffer(3)), toEngine),
  'what engines do around a task': request(1, { ...applyTo(), around: {} }),
  'a member of a group': request(1, applyTo(), { membership: {} }),
  'names that changed': { ...reply(1), names: ['a'] },
  'a shown result': reply(1, end(0, { executeResult: { data: {}, metadata: {} } })),
  'arguments that are packed in another form': submit(1, applyTo(chain()), toEngine),
  'a value that is no plain data': settled(1, end(new Map([[1, 2]]))),
  'a failure': settled(1, failed),
  'what was printed': settled(1, end(0), { shown: [] }),
  'another id': { ...reply(1), reply: { msgId: 'me_01', ...end(0) } },
  'half of one': { type: 'settled', settlement: { msgId: 'me_1' } },
};

test.each(Object.entries(LONG))('%s crosses as it is', (_, message) => {
  expect(intoRuns([message])).toEqual([message]);
  expect(there([message])).toEqual([message]);
});

test('a list that only begins like a message is none; one of another link is itself', () => {
  const bad = [['!r'], ['!r', -2, 5, 1], ['!r', -2, 'me', '1'], ['!r', 'x', 'me', 1]];
  const others = [[], [1], [3, -2, 'me', 1], [{ cell: 'a' }], ['!x', -2, 'me', 1]];
  expect(outOfRuns([1, ...bad, ...others, 2])).toEqual([1, ...others, 2]);
});

test('the four messages of a call and its answer hold few values and few bytes', () => {
  const sizeOf = (message: unknown) => serialize(intoRuns([message])).byteLength;
  const four = [
    toKernel(submit(1, applyTo(0), toEngine)),
    request(1, applyTo(0)),
    reply(1, end(0)),
    toKernel(settled(1, end(0))),
  ];
  expect(four.map((message) => sizeOf(message) < serialize([message]).byteLength / 2)).toEqual(
    four.map(() => true),
  );
  expect(four.map(sizeOf).reduce((sum, bytes) => sum + bytes)).toBeLessThan(450);
});

test('requests of one run share nothing', () => {
  const [a, b] = there(many((n) => request(n, mapOf(n)))) as ReturnType<typeof request>[];
  const calleeOf = (message: typeof a) =>
    ((message?.['request'] as ReturnType<typeof mapOf>).call.value as { readonly f: unknown }).f;
  expect(calleeOf(a)).toEqual(calleeOf(b));
  expect(calleeOf(a)).not.toBe(calleeOf(b));
});

test('whatever is posted arrives, that of one task in order', () => {
  const random = seededRandom(7);
  const pick = (n: number) => Math.floor(random() * n);
  const kinds: readonly ((n: number) => object)[] = [
    // Before it ends, if ever.
    (n) => assigned(n + pick(3)),
    (n) => assigned(n + pick(3)),
    (n) => settled(n),
    (n) => settled(n, pick(5) === 0 ? failed : end(n)),
    (n) => reply(n),
    (n) => request(n, pick(5) === 0 ? applyTo(n) : mapOf(n)),
    (n) => submit(n, mapOf(pick(9) === 0 ? { n } : n), pick(9) === 0 ? { label: 'x' } : {}),
    printed,
  ];
  for (let round = 0; round < 300; round++) {
    let kind = 0;
    const batch = many((n) => {
      if (pick(4) === 0) kind = pick(kinds.length);
      const message = kinds[kind]?.(n) ?? {};
      return pick(3) === 0 ? message : toKernel(message, pick(8) === 0 ? 1 : undefined);
    }, 40);
    const arrived = there(batch);
    const byTask = (messages: readonly unknown[]) => messages.toSorted((a, b) => taskOf(a) - taskOf(b));
    expect(byTask(arrived)).toEqual(byTask(batch));
  }
});

function taskOf(message: unknown): number {
  const text = JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? 0 : value));
  return Number(/me_(\d+)/.exec(text)?.[1]);
}

test('runs that are none are nothing, and hold nobody up', () => {
  const [whole] = intoRuns(many((n) => reply(n))) as [object];
  const [requests] = intoRuns(many((n) => request(n, mapOf(n)))) as [object];
  const bad = [
    { type: 'tutti-run' },
    { ...whole, kind: 'other' },
    { ...whole, kind: 'settled' },
    { ...whole, numbers: [1, 2] },
    { ...whole, numbers: new Float64Array(99) },
    { ...whole, client: 5 },
    { ...whole, address: undefined },
    { ...whole, values: null },
    { ...requests, f: null },
    { ...requests, columns: 'abc' },
    { ...requests, columns: [null] },
  ];
  expect(outOfRuns([1, ...bad, 2])).toEqual([1, 2]);
});
