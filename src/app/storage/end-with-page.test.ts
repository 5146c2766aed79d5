import { expect, test } from 'vitest';
import { endWithPage, watchPage, whileShown } from './end-with-page.ts';

const page = new EventTarget();
watchPage(page);
const leave = () => page.dispatchEvent(new Event('pagehide'));
const comeBack = () => page.dispatchEvent(new Event('pageshow'));

class Transaction extends EventTarget {
  aborted = 0;
  readonly #refuses: boolean;

  /** `refuses`: it has been committed, and cannot be ended any more. */
  constructor(refuses = false) {
    super();
    this.#refuses = refuses;
  }

  abort(): void {
    this.aborted++;
    if (this.#refuses) throw new DOMException('It has been committed.', 'InvalidStateError');
  }
}

/** A database whose transactions are these, one after the other, and what became of it. */
function database(...transactions: Transaction[]) {
  const told = { closed: 0, forgotten: 0 };
  const waiting = [...transactions];
  const db = {
    transaction: () => waiting.shift(),
    close: () => void told.closed++,
  } as unknown as IDBDatabase;
  endWithPage(db, () => void told.forgotten++);
  for (let i = 0; i < transactions.length; i++) db.transaction('files');
  return told;
}

test('with the page its open transactions end and its connections close, once', () => {
  const [done, undone, open, committed, last] = [
    new Transaction(),
    new Transaction(),
    new Transaction(),
    new Transaction(true),
    new Transaction(),
  ];
  const first = database(done, undone, open, committed, last);
  const other = database();
  done.dispatchEvent(new Event('complete'));
  undone.dispatchEvent(new Event('abort'));
  leave();
  expect([done, undone, open, committed, last].map(({ aborted }) => aborted)).toEqual([0, 0, 1, 1, 1]);
  expect([first, other]).toEqual([
    { closed: 1, forgotten: 1 },
    { closed: 1, forgotten: 1 },
  ]);
  comeBack();
  leave();
  expect(first).toEqual({ closed: 1, forgotten: 1 });
  comeBack();
});

test('a page that is left begins nothing until it is shown again', async () => {
  await whileShown();
  leave();
  let begun = 0;
  const waiting = [whileShown(), whileShown()].map((shown) => shown.then(() => void begun++));
  leave();
  waiting.push(whileShown().then(() => void begun++));
  await new Promise((resolve) => setTimeout(resolve));
  expect(begun).toBe(0);
  comeBack();
  await Promise.all(waiting);
  expect(begun).toBe(3);
});
