import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comm } from '../engine/comm/comm.ts';
import { fromBytes, toBytes } from '../engine/comm/letter-bytes.ts';
import { pack, unpack } from '../protocol/pack.ts';
import type { JupyterMessage } from '../protocol/jupyter-message.ts';
import { storableBytes } from '../protocol/stored-task.ts';
import type { EngineRequest } from '../protocol/requests.ts';
import { createReviver } from '../realm/reviver.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { portrait, VALUES } from '../testing/value-table.ts';
import { ParcelReader, ParcelWriter } from '../transport/blocking/parcels.ts';
import { requestOf, toBuffers } from '../transport/remote/payload.ts';
import { capture } from './capture.ts';
import { RemoteError } from './errors.ts';
import type { Client } from './client.ts';

/** Values against the ways that they can go: each arrives as `structuredClone` has it, or better. */

let rc: Client;

beforeAll(async () => {
  ({ rc } = await testCluster({ n: 2 }));
});

afterAll(closeClusters);

/** Of a realm without names of cells. */
const reviver = createReviver({ globals: globalThis, evaluate: (js) => (0, eval)(js) as unknown }, new Map());

const letter = (value: unknown): unknown => {
  const { head, body } = toBytes({ group: 'g', source: 0, tag: 0, collective: null }, value);
  return fromBytes(head, body.slice(), reviver).open();
};

/** What a reply to somebody who blocks goes through. */
function parcel(value: unknown): unknown {
  const writer = new ParcelWriter();
  expect(writer.add(1, [pack(value)])).toBeNull();
  const reader = new ParcelReader();
  const piece = new Uint8Array(1 << 12);
  for (;;) {
    const length = writer.fill(piece);
    const [done] = reader.read(piece.slice(0, length));
    if (done && 'messages' in done.content) return unpack(done.content.messages[0] as never, reviver);
  }
}

const ways: [name: string, go: (value: unknown) => unknown][] = [
  ['an argument and a result', (value) => rc.at(0).apply((x: unknown) => x, value)],
  ['push and pull', async (value) => {
    await rc.at(0).push({ value });
    return rc.at(0).pull('value');
  }],
  ['a map', async (value) => (await rc.loadBalancedView().map((x: unknown) => x, [value]))[0]],
  ['scatter and gather', async (value) => {
    await rc.directView().scatter('parts', [value, 0]);
    return (await rc.directView().gather('parts'))[0];
  }],
  ['a captured variable', (value) => rc.at(0).apply(capture({ value }, () => value))],
  ['a message of comm that is relayed', async (value) => {
    const pass = async (x: unknown) =>
      comm.rank === 0 ? comm.async.send(x, 1) : comm.async.recv(0);
    return (await rc.directView().apply(pass as never, value))[1];
  }],
  ['a message of comm in shared memory', letter],
  ['a reply to who blocks', parcel],
  ['a joined cluster', (value) => {
    const buffers = toBuffers({ method: 'apply', name: 'f', call: pack(value) });
    const request = requestOf({ content: { tutti: 1 }, buffers } as Partial<JupyterMessage> as JupyterMessage);
    return unpack((request as Extract<EngineRequest, { method: 'apply' }>).call, reviver);
  }],
  ['the history after a reload', (value) => {
    const packed = pack(value);
    expect(storableBytes(packed)).not.toBeNull();
    return unpack(structuredClone(packed), reviver);
  }],
  ['publishData', async (value) => {
    const ar = rc.at(0).apply((x: unknown) => { publishData({ x }); }, value);
    await ar;
    return (ar.data as { x: unknown }).x;
  }],
]; // prettier-ignore

describe('what a joined cluster cannot be sent is refused with path and cure', () => {
  class Box {
    inside: unknown;
    constructor(inside: unknown) {
      this.inside = inside;
    }
  }
  it.each<[string, unknown, string]>([
    ['a Blob', { a: [new Blob(['x'])] }, 'args[0].a[0] is a Blob'],
    ['shared memory', new Uint8Array(new SharedArrayBuffer(4)), 'args[0] is shared memory'],
    ['one in an object', new Map([['m', new Box(new Blob([]))]]), 'args[0].get("m").inside is a Blob'],
    ['one in an error', new Error('e', { cause: new Blob([]) }), 'args[0].cause is a Blob'],
  ])('%s', (_name, value, sentence) => {
    const call = pack({ f: () => 1, args: [value] });
    const go = () => toBuffers({ method: 'apply', name: 'f', call });
    expect(go).toThrow(`${sentence}, which cannot be copied to another machine. Send `);
  });
});

declare const comm: Comm;
declare const publishData: (values: object) => void;

describe.each(ways)('by %s', (_way, go) => {
  it.each(VALUES)('%s', async (_name, promised, make) => {
    const copy = await go(make());
    expect(portrait(copy)).toBe(portrait(promised === 'whole' ? make() : structuredClone(make())));
  });
});

describe('errors of engines', () => {
  const failing = async (f: () => unknown): Promise<RemoteError & Record<string, unknown>> => {
    const error: unknown = await rc.at(0).apply(f).then(() => null, (reason: unknown) => reason); // prettier-ignore
    expect(error).toBeInstanceOf(RemoteError);
    return error as RemoteError & Record<string, unknown>;
  };

  it('keep their own properties and their causes', async () => {
    const error = await failing(() => {
      const cause = Object.assign(new RangeError('inner'), { code: 'E1' });
      throw Object.assign(new TypeError('busy', { cause }), { status: 503, detail: { retry: [1] } });
    });
    expect([error.ename, error['status'], error['detail']]).toEqual(['TypeError', 503, { retry: [1] }]);
    expect(error.cause).toMatchObject({ ename: 'RangeError', message: 'inner', code: 'E1' });
  });

  it('keep their list', async () => {
    const error = await failing(() => {
      throw new AggregateError([new TypeError('a'), 5], 'all');
    });
    expect(error.errors).toMatchObject([{ ename: 'TypeError' }, 5]);
  });

  it.each<[string, () => unknown, unknown]>([
    ['an object', () => { throw { status: 404 }; }, { status: 404 }], // prettier-ignore
    ['null', () => { throw null; }, null], // prettier-ignore
    ['a text', () => { throw 'text'; }, 'text'], // prettier-ignore
  ])('%s that was thrown is there', async (_name, f, thrown) => {
    const error = await failing(f);
    expect(error.thrown).toEqual(thrown);
    expect(error['status']).toBe((thrown as { status?: number } | null)?.status);
  });
});

it('a recursive function captures itself, and others each other', async () => {
  const fact = (n: number): number => (n < 2 ? 1 : n * fact(n - 1));
  expect(await rc.at(0).apply(capture({ fact }, fact), 5)).toBe(120);
  const even = (n: number): boolean => n === 0 || odd(n - 1);
  const odd = (n: number): boolean => n !== 0 && even(n - 1);
  expect(await rc.at(0).apply(capture({ even, odd }, even), 5)).toBe(false);
});

it('a method of a class that the engine does not have names the class', async () => {
  class Unknown extends Array<number> {
    peek() {
      return this.at(-1);
    }
  }
  const ar = rc.at(0).apply((x: { peek(): unknown }) => x.peek(), Unknown.from([1, 2]) as Unknown);
  await expect(ar).rejects.toThrow('peek is a method of the class Unknown, which is not known here');
});
