import { beforeEach, expect, test } from 'vitest';
import type { CellId } from '../../protocol/ids.ts';
import type { Timers } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import { seededRandom } from '../../base/random.ts';
import type { NotebookDocument } from '../../notebook/document.ts';
import { newDocument } from '../../notebook/cells.ts';
import { createAutosave, RETRY, type Autosave, type SaveState } from './autosave.ts';
import { failed } from './storage-failure.ts';
import type { StorageFault, StorageResult } from './storage-types.ts';

/** Time that passes when a test says so. In milliseconds, so that sums are exact. */
class Stage implements Timers {
  now = 0;
  #due: { readonly at: number; readonly callback: () => void }[] = [];

  after(delay: number, callback: () => void): () => void {
    const timer = { at: this.now + delay * 1000, callback };
    this.#due.push(timer);
    return () => {
      this.#due = this.#due.filter((other) => other !== timer);
    };
  }

  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.now = next.at;
      this.#due = this.#due.filter((timer) => timer !== next);
      next.callback();
      await settled();
    }
    this.now = end;
    await settled();
  }
}

/** Lets every promise that can go on do so. */
async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

interface Save {
  readonly name: string;
  readonly at: number;
  finish(fault?: StorageFault): Promise<void>;
}

let stage: Stage;
let saves: Save[];
let states: SaveState[];
let autosave: Autosave;

beforeEach(() => {
  stage = new Stage();
  saves = [];
  states = [];
  autosave = createAutosave({ save, timers: stage, onState: (state) => states.push(state) });
});

function save(document: NotebookDocument): Promise<StorageResult<unknown>> {
  const saving = deferred<StorageResult<unknown>>();
  saves.push({
    name: document.name,
    at: stage.now,
    finish: async (fault) => {
      saving.resolve(fault ? failed(fault) : { ok: true, value: null });
      await settled();
    },
  });
  return saving.promise;
}

const version = (name: string) => newDocument({ id: 'd', name, cellId: 'a' as CellId });
const edit = (name: string) => {
  autosave.edited(version(name));
};
const names = () => saves.map(({ name }) => name);

test('an edit is saved within a second, and the state says how far it is', async () => {
  edit('one');
  expect(autosave.state).toBe('unsaved');
  await stage.pass(1000);
  expect(names()).toEqual(['one']);
  await saves[0]?.finish();
  expect(states).toEqual(['unsaved', 'saving', 'saved']);
});

test('edits that keep coming are saved within a second each, and not one by one', async () => {
  for (let i = 0; i < 50; i++) {
    edit(String(i));
    await stage.pass(100);
    for (const done of saves) await done.finish();
  }
  expect(saves.length).toBeGreaterThanOrEqual(5);
  expect(saves.length).toBeLessThan(12);
  const gaps = saves.map(({ at }, i) => at - (saves[i - 1]?.at ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(1000);
});

test('an edit during a save is saved next, and saves never overlap', async () => {
  edit('one');
  await stage.pass(500);
  edit('two');
  await stage.pass(3000);
  expect(names()).toEqual(['one']);
  await saves[0]?.finish();
  expect(names()).toEqual(['one', 'two']);
  await saves[1]?.finish();
  expect(autosave.state).toBe('saved');
});

test('an edit just before a save ends still has its quiet time', async () => {
  edit('one');
  await stage.pass(500);
  edit('two');
  await saves[0]?.finish();
  expect(autosave.state).toBe('unsaved');
  expect(names()).toEqual(['one']);
  await stage.pass(1000);
  expect(names()).toEqual(['one', 'two']);
});

test('flush saves at once, also what was edited during a save', async () => {
  edit('one');
  const first = autosave.flush();
  expect(names()).toEqual(['one']);
  edit('two');
  await saves[0]?.finish();
  expect(await first).toBe('unsaved');
  edit('three');
  const second = autosave.flush();
  expect(names()).toEqual(['one', 'three']);
  await saves[1]?.finish();
  expect(await second).toBe('saved');
});

test('flush during a save waits for it and then saves the newest', async () => {
  edit('one');
  await stage.pass(500);
  edit('two');
  const flushed = autosave.flush();
  await saves[0]?.finish();
  expect(names()).toEqual(['one', 'two']);
  await saves[1]?.finish();
  expect(await flushed).toBe('saved');
});

test('flush with nothing to save saves nothing', async () => {
  expect(await autosave.flush()).toBe('saved');
  expect(saves).toEqual([]);
});

test('a failed save is shown, is tried again, and stays shown until it works', async () => {
  edit('one');
  await stage.pass(500);
  await saves[0]?.finish('quota');
  expect(autosave.state).toMatchObject({ error: { fault: 'quota' } });
  await stage.pass(RETRY * 1000);
  expect(names()).toEqual(['one', 'one']);
  expect(autosave.state).toMatchObject({ error: { fault: 'quota' } });
  await saves[1]?.finish();
  expect(autosave.state).toBe('saved');
});

test('after a failure the next edit is saved without waiting for the retry', async () => {
  edit('one');
  await stage.pass(500);
  await saves[0]?.finish('broken');
  edit('two');
  await stage.pass(1000);
  expect(names()).toEqual(['one', 'two']);
});

test('a conflict is not tried again by itself, but a copy is saved', async () => {
  edit('mine');
  await stage.pass(500);
  await saves[0]?.finish('conflict');
  await stage.pass(60_000);
  expect(names()).toEqual(['mine']);
  edit('copy');
  await stage.pass(1000);
  await saves[1]?.finish();
  expect(names()).toEqual(['mine', 'copy']);
  expect(autosave.state).toBe('saved');
});

test('a notebook that has just been opened is saved', async () => {
  edit('old');
  autosave.opened();
  expect(autosave.state).toBe('saved');
  await stage.pass(5000);
  expect(saves).toEqual([]);
});

test('a disposed autosave saves nothing any more by itself', async () => {
  edit('one');
  autosave.dispose();
  await stage.pass(5000);
  expect(saves).toEqual([]);
});

test('whatever the timing, the newest edit ends on disk', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    let disk = '';
    const chaos = createAutosave({
      timers: stage,
      onState: () => undefined,
      save: (document) => {
        const saving = deferred<StorageResult<unknown>>();
        stage.after(random() * 2, () => {
          const isLost = random() < 0.3;
          if (!isLost) disk = document.name;
          saving.resolve(isLost ? failed('broken') : { ok: true, value: null });
        });
        return saving.promise;
      },
    });
    for (let i = 0; i < 40; i++) {
      chaos.edited(version(`${String(seed)}/${String(i)}`));
      await stage.pass(random() * 1500);
    }
    await stage.pass(120_000);
    expect(disk).toBe(`${String(seed)}/39`);
    expect(chaos.state).toBe('saved');
  }
});
