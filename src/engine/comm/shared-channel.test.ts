import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { boardMemory, CommBoard } from '../../protocol/comm-board.ts';
import type { Membership } from '../../protocol/comm.ts';
import type { Sending } from './channel.ts';
import type { Letter } from './mailbox.ts';
import { SharedChannel } from './shared-channel.ts';

/** Engines at one board, in one thread: each step of theirs happens when a test says so. */
class Engines {
  readonly board = new CommBoard(boardMemory());
  readonly slots: number[] = [];
  readonly channels: SharedChannel[] = [];
  readonly got: [source: number, value: unknown][][] = [];

  /** The controller gives an engine a slot; the engine hears of it later, with `starts`. */
  takesSlot(): number {
    return this.slots.push(this.board.take()) - 1;
  }

  starts(rank: number): void {
    this.got[rank] = [];
    this.channels[rank] = new SharedChannel({
      board: this.board,
      slot: this.slots[rank] ?? -1,
      reviver: {} as never,
      receive: (letter: Letter) => this.got[rank]?.push([letter.source, letter.open()]),
      wake: () => undefined,
    });
  }

  send(from: number, to: number, value: unknown): Sending {
    const address = { group: 'g', source: from, tag: 0, collective: null };
    return this.#channel(from).send(this.#membership(from), to, address, value);
  }

  poll(rank: number): void {
    this.#channel(rank).poll();
  }

  #channel(rank: number): SharedChannel {
    const channel = this.channels[rank];
    if (!channel) throw new Error(`Engine ${String(rank)} has not started.`);
    return channel;
  }

  #membership(rank: number): Membership {
    const lives = this.slots.map((slot) => this.board.life(slot));
    return {
      group: { id: 'g', engines: this.slots },
      rank,
      uuids: [],
      ended: [],
      shared: { slots: this.slots, lives, entry: -1 },
    };
  }
}

function engines(n: number): Engines {
  const made = new Engines();
  for (let i = 0; i < n; i++) made.takesSlot();
  for (let i = 0; i < n; i++) made.starts(i);
  return made;
}

const big = (n: number, fill: number) => new Float64Array(n).fill(fill);

test('what was sent before its receiver had heard of its slot arrives', () => {
  const two = new Engines();
  two.takesSlot();
  two.takesSlot();
  two.starts(0);
  expect(two.send(0, 1, 'early').advance()).toBe(true);
  two.starts(1);
  two.poll(1);
  expect(two.got[1]).toEqual([[0, 'early']]);
});

test('who has the slot next gets nothing that was meant for the one before, and all that is meant for it', () => {
  const two = engines(2);
  const old = two.send(0, 1, big(20_000, 1));
  expect(old.advance()).toBe(false);
  two.board.free(two.slots[1] ?? -1);
  two.slots[1] = two.board.take();
  expect(old.advance()).toBe(true);
  const sending = two.send(0, 1, 'for the new one');
  two.starts(1);
  // The ring is full of what the old one has not read.
  expect(sending.advance()).toBe(false);
  two.poll(1);
  expect(sending.advance()).toBe(true);
  two.poll(1);
  expect(two.got[1]).toEqual([[0, 'for the new one']]);
});

describe('several messages to one receiver at once', () => {
  test('arrive whole, in the order in which they were begun, whoever of them looks for room', () => {
    const two = engines(2);
    const sendings = [big(10_000, 1), 'small', big(8_000, 2), 'last'].map((value) => two.send(0, 1, value));
    const turns = seededRandom(5);
    for (let i = 0; i < 200; i++) {
      sendings[Math.floor(turns() * sendings.length)]?.advance();
      if (turns() < 0.5) two.poll(1);
    }
    expect(sendings.map((sending) => sending.advance())).toEqual([true, true, true, true]);
    two.poll(1);
    expect(two.got[1]).toEqual([
      [0, big(10_000, 1)],
      [0, 'small'],
      [0, big(8_000, 2)],
      [0, 'last'],
    ]);
  });

  test('one that is given up half-way does not harm the next', () => {
    const two = engines(2);
    const first = two.send(0, 1, big(10_000, 1));
    const second = two.send(0, 1, 'next');
    expect(first.advance()).toBe(false);
    first.drop();
    two.poll(1);
    expect(second.advance()).toBe(true);
    two.poll(1);
    expect(two.got[1]).toEqual([[0, 'next']]);
  });
});

test('a value of very many buffers, whose head alone is longer than a ring, arrives', () => {
  const two = engines(2);
  const value = Array.from({ length: 20_000 }, (_, i) => new Uint8Array([i % 256]));
  const sending = two.send(0, 1, value);
  for (let i = 0; i < 100 && !sending.advance(); i++) two.poll(1);
  two.poll(1);
  expect(two.got[1]).toEqual([[0, value]]);
});

test('an empty value and an empty array arrive', () => {
  const two = engines(2);
  for (const value of [undefined, '', new Uint8Array()]) expect(two.send(0, 1, value).advance()).toBe(true);
  two.poll(1);
  expect(two.got[1]).toEqual([
    [0, undefined],
    [0, ''],
    [0, new Uint8Array()],
  ]);
});
