import { expect, test } from 'vitest';
import type { Timers } from '../../base/clock.ts';
import { type Claim, createNotebookClaims, type Locks } from './notebook-claim.ts';

/** Web Locks as the specification has them, for exclusive locks. */
class PaperLocks implements Locks {
  readonly #held = new Map<string, { readonly fail: (error: Error) => void }>();
  readonly #line: { readonly name: string; readonly grant: () => void }[] = [];

  request(name: string, options: { signal?: AbortSignal; steal?: boolean }, hold: () => Promise<void>) {
    return new Promise<unknown>((resolve, reject) => {
      const place = {
        name,
        grant: () => {
          const holder = { fail: reject };
          this.#held.set(name, holder);
          void hold().then((value) => {
            if (this.#held.get(name) === holder) this.#free(name);
            resolve(value);
          });
        },
      };
      if (options.steal) {
        this.#held.get(name)?.fail(new DOMException('stolen', 'AbortError'));
        place.grant();
        return;
      }
      options.signal?.addEventListener('abort', () => {
        const at = this.#line.indexOf(place);
        if (at < 0) return;
        this.#line.splice(at, 1);
        reject(new DOMException('given up', 'AbortError'));
      });
      if (this.#held.has(name)) this.#line.push(place);
      else place.grant();
    });
  }

  query() {
    return Promise.resolve({ held: [...this.#held.keys()].map((name) => ({ name })) });
  }

  /** The tab that holds it is gone. */
  kill(name: string): void {
    this.#free(name);
  }

  #free(name: string): void {
    this.#held.delete(name);
    const at = this.#line.findIndex((place) => place.name === name);
    if (at >= 0) this.#line.splice(at, 1)[0]?.grant();
  }
}

function browser() {
  const locks = new PaperLocks();
  const ears: ((message: unknown) => void)[] = [];
  const due: (() => void)[] = [];
  const timers: Timers = {
    after: (_seconds, callback) => {
      due.push(callback);
      return () => {
        const at = due.indexOf(callback);
        if (at >= 0) due.splice(at, 1);
      };
    },
  };
  const tab = ({ isFrozen = false } = {}) => {
    const told: (Claim | 'saved')[] = [];
    const own: ((message: unknown) => void)[] = [];
    const claims = createNotebookClaims({
      locks,
      timers,
      channel: {
        post: (message) => {
          for (const ear of ears) if (!own.includes(ear)) ear(message);
        },
        listen: (hear) => {
          if (isFrozen) return;
          own.push(hear);
          ears.push(hear);
        },
      },
      onClaim: (claim) => told.push(claim),
      letGo: () => {
        told.push('saved');
        return Promise.resolve();
      },
    });
    return { claims, told };
  };
  /** All timers go off, and all that follows has happened. */
  const pass = async () => {
    await turn();
    for (const callback of due.splice(0)) callback();
    await turn();
  };
  return { locks, tab, pass };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

test('the first tab has it and hears nothing of it; the second is told', async () => {
  const { tab, pass } = browser();
  const [one, two] = [tab(), tab()];
  one.claims.open('n');
  two.claims.open('n');
  await pass();
  expect(await one.claims.settled()).toBe('mine');
  expect(await two.claims.settled()).toBe('elsewhere');
  expect([one.told, two.told]).toEqual([[], ['elsewhere']]);
  expect(await two.claims.isElsewhere('n')).toBe(true);
  expect(await one.claims.isElsewhere('n')).toBe(false);
  const third = tab();
  third.claims.open('another');
  expect(await third.claims.isElsewhere('n')).toBe(true);
});

test('when the tab that has it goes on to another notebook, or dies, the next in line has it', async () => {
  const { locks, tab, pass } = browser();
  const [one, two, three] = [tab(), tab(), tab()];
  for (const { claims } of [one, two, three]) claims.open('n');
  await pass();
  one.claims.open('other');
  await pass();
  expect(two.told).toEqual(['elsewhere', 'mine']);
  expect(three.told).toEqual(['elsewhere']);
  locks.kill('tutti-notebook n');
  await pass();
  expect(three.told).toEqual(['elsewhere', 'mine']);
});

test('a tab that takes it lets the other save first, and the other can take it back', async () => {
  const { tab, pass } = browser();
  const [one, two] = [tab(), tab()];
  one.claims.open('n');
  two.claims.open('n');
  await pass();
  await two.claims.take();
  expect(one.told).toEqual(['saved', 'elsewhere']);
  expect(await two.claims.settled()).toBe('mine');
  await one.claims.take();
  expect(two.told).toEqual(['elsewhere', 'saved', 'elsewhere']);
  expect(await one.claims.settled()).toBe('mine');
});

test('from a tab that does not answer it is taken after a while', async () => {
  const { tab, pass } = browser();
  const [one, two] = [tab({ isFrozen: true }), tab()];
  one.claims.open('n');
  two.claims.open('n');
  await pass();
  const taking = two.claims.take();
  await pass();
  await taking;
  expect(await two.claims.settled()).toBe('mine');
  await pass();
  expect(one.told).toEqual(['elsewhere']);
});

test('a lock that comes a little late, after a reload, alarms nobody', async () => {
  const { locks, tab } = browser();
  const [before, after] = [tab(), tab()];
  before.claims.open('n');
  after.claims.open('n');
  locks.kill('tutti-notebook n');
  expect(await after.claims.settled()).toBe('mine');
  expect(after.told).toEqual([]);
});

test('without locks every tab takes it for its own', async () => {
  const timers: Timers = { after: () => () => undefined };
  const claims = createNotebookClaims({
    locks: null,
    channel: null,
    timers,
    onClaim: () => undefined,
    letGo: () => Promise.resolve(),
  });
  claims.open('n');
  expect(await claims.settled()).toBe('mine');
  await claims.take();
  expect(await claims.isElsewhere('n')).toBe(false);
});
