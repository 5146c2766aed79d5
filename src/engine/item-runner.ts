import type { Clock } from '../base/clock.ts';
import { callOutside } from '../base/primordials.ts';
import type { CallItems } from '../protocol/calls.ts';
import { interruptWords } from '../protocol/interrupt-flag.ts';
import { unpack } from '../protocol/pack.ts';
import { isPlainCallee, isPrimitive } from '../protocol/runs.ts';
import type { InterruptEar } from '../realm/interrupt-ear.ts';
import { KeyboardInterrupt } from '../realm/keyboard-interrupt.ts';
import type { CommRunner } from './comm/comm-runner.ts';
import { resultBytes, type DoneItems } from './done-items.ts';
import { Speaker, type EngineOutput } from './engine-output.ts';
import type { Lingering } from './lingering.ts';
import type { Performer } from './perform.ts';
import type { QueuedItems, RequestQueue } from './request-queue.ts';

/** Fewer than so many are told together, or after a while. */
const FEW = 16;

type Callable = (...args: never[]) => unknown;

/** What an item has done that has run: it gives the result, or throws. */
export type Replay = () => unknown;

export interface ItemHost {
  readonly clock: Clock;
  readonly ear: InterruptEar;
  readonly comm: CommRunner;
  readonly output: EngineOutput;
  readonly lingering: Lingering;
  readonly queue: RequestQueue;
  readonly done: DoneItems;
  readonly performer: () => Performer;
  readonly executionCount: () => number;
  /** What is displayed is still being made. */
  readonly isDisplaying: () => boolean;
  /** It is the time for what others have said, or want to hear. */
  readonly isTimeToPause: (now: number) => boolean;
  readonly isTimeToTell: (now: number) => boolean;
  tell(now: number): void;
  /** An item that has begun and is more than a small value by then: it ends as any request does. */
  finish(queued: QueuedItems, item: number, begun: Begun, replay: Replay): Promise<void> | undefined;
}

export interface Begun {
  readonly started: number;
  readonly speaker: Speaker;
}

/**
 * Runs items of calls, one after the other: a request each, of which nothing is made that an item does not need which
 * ends at once, with a small value.
 */
export class ItemRunner {
  readonly #host: ItemHost;
  /** Functions of calls, by the text of the call. Null: each item has its own. */
  readonly #functions = new WeakMap<object, Callable | null>();

  constructor(host: ItemHost) {
    this.#host = host;
  }

  /** Whether `run` can: else each item is to be run as a request of its own. */
  canRun({ items }: QueuedItems): boolean {
    const { lingering } = this.#host;
    lingering.begin();
    const fn = this.#functionOf(items);
    if (fn === null) return false;
    lingering.noteFunction((items.f as { readonly source: string }).source);
    return !lingering.lingers;
  }

  /** Until they are through, or it is time for a pause. A promise: of an item that waits for something. */
  run(queued: QueuedItems): Promise<void> | undefined {
    const { clock, ear, comm, output, queue, done } = this.#host;
    const { items, first, client } = queued;
    const { columns } = items;
    const fn = this.#functionOf(items) as Callable;
    const isBoxed = items.method === 'map';
    const wordOf = interruptWords(`${client}_`);
    const args: unknown[] = columns.map(() => undefined);
    const executionCount = this.#host.executionCount();
    const half = queued.count >= FEW ? queued.count >> 1 : -1;
    let started = clock.now();
    for (let item = queued.take(); item >= 0; item = queued.take()) {
      const number = first + item;
      const speaker = new Speaker(client, number);
      ear.beginWord(wordOf(number));
      output.begin(speaker, started);
      for (let c = 0; c < args.length; c++) args[c] = columns[c]?.[item];
      let result: unknown;
      try {
        if (queue.hasInterrupts && queue.takeInterrupt(queued.idOf(item))) throw new KeyboardInterrupt();
        result = callOutside(fn, args);
      } catch (error) {
        const rethrow = () => {
          throw error;
        };
        return this.#host.finish(queued, item, { started, speaker }, rethrow);
      }
      if (!isPrimitive(result) || typeof result === 'symbol' || this.#host.isDisplaying()) {
        return this.#host.finish(queued, item, { started, speaker }, () => result);
      }
      output.end(speaker);
      ear.end();
      comm.end();
      const completed = clock.now();
      done.add(queued, item, result, resultBytes(result, isBoxed), {
        ...{ started, completed, executionCount },
        boxed: isBoxed,
      });
      started = completed;
      // At half, too: more is on its way by the time that all are through.
      if (item === half || this.#host.isTimeToTell(completed)) this.#host.tell(completed);
      if (this.#host.isTimeToPause(completed)) return undefined;
    }
    return undefined;
  }

  #functionOf(items: CallItems): Callable | null {
    const { f } = items;
    const known = this.#functions.get(f as object);
    if (known !== undefined) return known;
    const fn = this.#revived(items);
    this.#functions.set(f as object, fn);
    return fn;
  }

  /** What it brings along must not be shared by items, which may change it. */
  #revived({ f, columns, canned }: CallItems): Callable | null {
    if (!canned || !isPlainCallee(f) || !columns.every(isOfPrimitives)) return null;
    const { reviver } = this.#host.performer();
    try {
      const fn = unpack({ value: { f: { ...f } }, buffers: [], bytes: 0, canned }, reviver) as {
        readonly f: unknown;
      };
      return typeof fn.f === 'function' ? (fn.f as Callable) : null;
    } catch {
      // Each of the items says why.
      return null;
    }
  }
}

function isOfPrimitives(column: readonly unknown[] | Float64Array): boolean {
  return (
    column instanceof Float64Array || column.every((value) => isPrimitive(value) && typeof value !== 'symbol')
  );
}
