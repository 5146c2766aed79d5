import { expect, test } from 'vitest';
import { openSession } from '../../notebook/session.ts';
import {
  after,
  id,
  KERNEL_READY,
  notebook,
  runCell,
  started,
  finished,
} from '../../notebook/session-history.ts';
import type { Operation, SessionData } from '../../notebook/session-types.ts';
import { createNotebookStore, viewOf } from '../../ui/stores/notebook-store.ts';
import { createOutdated } from './outdated.ts';
import { runNames } from './run-names.ts';

/** A page whose pauses are over when the test says so. */
function page(...sources: readonly string[]) {
  const cells = sources.map((source, i) => ({
    ...notebook('x').cells[0]!,
    id: id(`c${String(i + 1)}`),
    source,
  }));
  let data = openSession({ ...notebook('x'), cells });
  const store = createNotebookStore(data);
  let waiting: (() => void) | null = null;
  let runs = 0;
  const outdated = createOutdated({
    notebook: store,
    surroundings: () => ({ usual: 'javascript', autopx: false }),
    load: () => Promise.resolve({ runNames }),
    timers: {
      after: (_, callback) => {
        waiting = callback;
        return () => {
          waiting = null;
        };
      },
    },
  });
  const show = (next: SessionData): void => {
    data = next;
    store.setState(viewOf(data, store.getState()));
  };
  const act = (...operations: readonly Operation[]): void => {
    show(after(data, ...operations));
  };
  return {
    act,
    async run(n: number): Promise<void> {
      const run = `r${String(++runs)}`;
      act(runCell(`c${String(n)}`, run), started(run), finished(run));
      outdated.sent(id(`c${String(n)}`), data.document.cells[n - 1]?.source ?? '');
      await new Promise((resolve) => setTimeout(resolve));
    },
    pause: () => waiting?.(),
    marked: () => [...store.getState().outdated.keys()].join(' '),
  };
}

test('marks come after a pause, and go when the cells have run again', async () => {
  const it = page('let a = 1', 'a');
  it.act(KERNEL_READY);
  await it.run(1);
  await it.run(2);
  it.pause();
  expect(it.marked()).toBe('');
  it.act({ type: 'set-source', id: id('c1'), source: 'let a = 2' });
  expect(it.marked()).toBe('');
  it.pause();
  expect(it.marked()).toBe('c2');
  await it.run(1);
  await it.run(2);
  it.pause();
  expect(it.marked()).toBe('');
});

test('with the kernel goes all that it knew', async () => {
  const it = page('let a = 1', 'a');
  it.act(KERNEL_READY);
  await it.run(1);
  await it.run(2);
  it.act({ type: 'set-source', id: id('c1'), source: 'let a = 2' });
  it.pause();
  expect(it.marked()).toBe('c2');
  it.act({ type: 'kernel-status-changed', status: 'starting', reason: 'restart', at: 5 });
  expect(it.marked()).toBe('');
});
