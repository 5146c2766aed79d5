import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../base/clock.ts';
import {
  askInterrupt,
  createInterruptFlag,
  interruptWord,
  type InterruptFlag,
} from '../protocol/interrupt-flag.ts';
import { InterruptEar } from './interrupt-ear.ts';
import { KeyboardInterrupt } from './keyboard-interrupt.ts';

function newFlag(): InterruptFlag {
  const flag = createInterruptFlag();
  if (flag === null) throw new Error('this test needs shared memory');
  return flag;
}

/** An ear on a clock that a test moves, and the flag that it listens to. */
function earAndFlag() {
  let now = 0;
  const ear = new InterruptEar({ now: () => now });
  const flag = newFlag();
  ear.connect(flag);
  return { ear, flag, pass: (ms: number) => (now += ms) };
}

describe('an interrupt', () => {
  it('is heard by what it is meant for, as long as it runs', () => {
    const { ear, flag } = earAndFlag();
    ear.begin('a_1');
    ear.check();
    askInterrupt(flag, 'a_1');
    expect(() => {
      ear.check();
    }).toThrow(KeyboardInterrupt);
    expect(() => ear.guard(0)).toThrow(KeyboardInterrupt);
    ear.end();
    ear.begin('a_2');
    expect(ear.isAsked).toBe(false);
  });

  it('that comes too late stops nothing', () => {
    const { ear, flag } = earAndFlag();
    ear.begin('a_1');
    ear.end();
    ear.begin('a_2');
    askInterrupt(flag, 'a_1');
    expect(ear.isAsked).toBe(false);
    askInterrupt(flag, 'a_2');
    expect(ear.isAsked).toBe(true);
  });

  it('of what waits for its turn stops what holds the thread, though nothing runs by name', () => {
    const { ear, flag } = earAndFlag();
    ear.begin('a_1');
    ear.end();
    askInterrupt(flag, 'a_2');
    expect(ear.isAsked).toBe(true);
  });

  it('of what does not begin here stops nobody else, and is heard again when it does', () => {
    const { ear, flag } = earAndFlag();
    askInterrupt(flag, 'a_1');
    ear.dismiss('a_1');
    ear.begin('a_2');
    expect(ear.isAsked).toBe(false);
    askInterrupt(flag, 'a_1');
    expect(ear.isAsked).toBe(false);
    ear.end();
    ear.begin('a_1');
    askInterrupt(flag, 'a_1');
    expect(ear.isAsked).toBe(true);
  });

  it('is not heard without shared memory', () => {
    const ear = new InterruptEar(systemClock);
    ear.connect(null);
    ear.begin('a');
    expect([ear.hears, ear.isAsked, ear.words]).toEqual([false, false, null]);
    expect(ear.guard(0)).toBeGreaterThanOrEqual(0);
    expect(() => ear.wait(() => false)).toThrow('shared memory');
  });

  it('has a word for every id, never 0', () => {
    expect(interruptWord('')).not.toBe(0);
    expect(interruptWord('a_1')).not.toBe(interruptWord('a_2'));
  });
});

describe('guards', () => {
  /** Goes on in a loop whose rounds take `ms` each, until so many checks have been made. */
  function loop(
    { ear, pass }: ReturnType<typeof earAndFlag>,
    ms: number,
    checks: number,
    rounds = 0,
  ): number {
    let now = rounds;
    for (let i = 0; i < checks; i++) {
      pass(ms * (now + 1));
      now = ear.guard(now);
    }
    return now;
  }

  it('come seldom where rounds are quick, and every few where they are slow', () => {
    const made = earAndFlag();
    const quick = loop(made, 0.0001, 400);
    expect(quick).toBe(255);
    expect(loop(made, 20, 40, quick)).toBeLessThan(4);
  });

  it('are few at the beginning of a loop, however quick the one before was', () => {
    const made = earAndFlag();
    loop(made, 0.0001, 400);
    let rounds = 0;
    let longest = 0;
    for (let i = 0; i < 20; i++) {
      longest = Math.max(longest, rounds);
      made.pass(50 * (rounds + 1));
      rounds = made.ear.guard(rounds);
    }
    expect(50 * longest).toBeLessThan(1600);
    expect(rounds).toBeLessThan(4);
  });

  it('look at the clock once in many checks where loops are short', () => {
    let looks = 0;
    const ear = new InterruptEar({ now: () => ((looks += 1), 0) });
    for (let i = 0; i < 1600; i++) ear.guard(i % 3);
    expect(looks).toBeLessThan(110);
  });
});

describe('waiting', () => {
  it('ends when the bell rings and the thing is there, or when time is over', () => {
    const ear = new InterruptEar(systemClock);
    const flag = newFlag();
    ear.connect(flag);
    expect(ear.wait(() => true)).toBe(true);
    expect(ear.wait(() => false, 0.01)).toBe(false);
  });

  it('is woken by an interrupt from another thread', async () => {
    const flag = newFlag();
    const ear = new InterruptEar(systemClock);
    ear.connect(flag);
    ear.begin('a_1');
    const script = `
      const { workerData: { buffer, word } } = require('node:worker_threads');
      const words = new Int32Array(buffer);
      Atomics.store(words, 0, word);
      Atomics.add(words, 1, 1);
      Atomics.notify(words, 1);`;
    const workerData = { buffer: flag.buffer, word: interruptWord('a_1') };
    const worker = new Worker(script, { eval: true, workerData });
    expect(() => ear.wait(() => false, 30)).toThrow(KeyboardInterrupt);
    await worker.terminate();
  });
});
