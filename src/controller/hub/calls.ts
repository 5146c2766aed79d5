import { submissionAt, type CallSubmission } from '../../protocol/calls.ts';
import { MsgId, type ClientId } from '../../protocol/ids.ts';
import { Pace } from '../schedulers/pace.ts';
import { Call, type CallPlace } from './call.ts';
import type { EndedItems } from './ended-items.ts';
import { ItemRange, Task, type Engine, type ItemCall } from './state.ts';

interface Item {
  readonly call: ItemCall;
  readonly item: number;
}

/** The calls that are waited for or remembered, and the ways of their items out of them. */
export class Calls {
  readonly #canTakeBack: boolean;
  /** In order of their ids. */
  readonly #calls = new Map<ClientId, ItemCall[]>();
  /** The highest number that a client has given a task. */
  readonly #highest = new Map<ClientId, number>();
  /** Items in calls that have not ended. */
  pending = 0;

  /** `canTakeBack`: what engines have not begun, without asking. */
  constructor(canTakeBack: boolean) {
    this.#canTakeBack = canTakeBack;
  }

  /** Whether all ids of the call are new. */
  areNew({ clientId, first }: CallSubmission): boolean {
    return first > (this.#highest.get(clientId) ?? -1);
  }

  /** A task of that id has come in. */
  note(clientId: ClientId, number: number): void {
    if (number > (this.#highest.get(clientId) ?? -1)) this.#highest.set(clientId, number);
  }

  /** Its ids are new. Its one range stands nowhere. */
  add(submission: CallSubmission, place: CallPlace): { readonly call: ItemCall; readonly range: ItemRange } {
    const { clientId, first, count } = submission;
    const call = new Call<ItemRange, EndedItems>(submission, place, new Pace(this.#canTakeBack));
    const range = new ItemRange(call, 0, count);
    call.addRange(range);
    call.pending = count;
    this.pending += count;
    this.note(clientId, first + count - 1);
    const calls = this.#calls.get(clientId);
    if (calls === undefined) this.#calls.set(clientId, [call]);
    else calls.push(call);
    return { call, range };
  }

  find(msgId: MsgId): Item | null {
    if (this.#calls.size === 0) return null;
    const client = MsgId.client(msgId);
    return this.#calls.has(client) ? this.at(client, MsgId.number(msgId)) : null;
  }

  /** The call whose item has that number, though it may have left. */
  at(clientId: ClientId, number: number): Item | null {
    const calls = this.#calls.get(clientId) ?? NONE;
    let low = 0;
    let high = calls.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((calls[middle]?.submission.first ?? 0) <= number) low = middle + 1;
      else high = middle;
    }
    const call = calls[low - 1];
    if (call === undefined || number >= call.submission.first + call.submission.count) return null;
    return { call, item: number - call.submission.first };
  }

  /** The range in which it waits or runs. */
  rangeOf(msgId: MsgId): { readonly range: ItemRange; readonly item: number } | null {
    const found = this.find(msgId);
    const range = found?.call.rangeOf(found.item) ?? null;
    return found === null || range === null ? null : { range, item: found.item };
  }

  /** With which it ended, as far as it is known. */
  endedWith(msgId: MsgId): { readonly ended: EndedItems; readonly item: number } | null {
    const found = this.find(msgId);
    const ended = found?.call.endedWith(found.item) ?? null;
    return found === null || ended === null ? null : { ended, item: found.item };
  }

  *ranges(): Generator<ItemRange, void> {
    for (const calls of this.#calls.values()) for (const call of calls) yield* call.ranges;
  }

  *[Symbol.iterator](): Generator<ItemCall, void> {
    for (const calls of this.#calls.values()) yield* calls;
  }

  // Ways out

  /** What begins at `item` is a range of its own, behind the other; both are where the whole was. */
  split(range: ItemRange, item: number): ItemRange {
    if (item <= range.from || item >= range.to) return range;
    const rest = new ItemRange(range.call, item, range.to);
    range.to = item;
    rest.state = range.state === 'running' ? 'sent' : range.state;
    rest.engine = range.engine;
    rest.isRecalled = range.isRecalled;
    range.call.addRange(rest);
    range.list?.insertAfter(range, rest);
    range.list?.resized(-rest.count);
    return rest;
  }

  /** The item is a task from now on, in the state and at the place that it had. */
  leave(whole: ItemRange, item: number): Task {
    const range = this.split(whole, item);
    this.split(range, item + 1);
    const { list, engine } = range;
    const task = viewOf(range, item);
    if (list !== null) {
      list.insertAfter(range, task);
      list.remove(range);
    }
    if (engine?.running === range) engine.running = task;
    this.#drop(range);
    return task;
  }

  /** Two ranges that wait, one behind the other, are one. */
  join(range: ItemRange, next: ItemRange): void {
    next.list?.remove(next);
    range.call.removeRange(next);
    range.to = next.to;
    range.list?.resized(next.count);
  }

  /** The first `n` of a range have ended well on its engine, which begins the next. */
  ended(range: ItemRange, n: number, engine: Engine, ended: EndedItems): void {
    const { call } = range;
    call.end(ended);
    if (n < range.count) {
      engine.takeItems(range, n, ended.at);
      call.pending -= n;
      this.pending -= n;
    } else {
      engine.take(range);
      this.#drop(range);
    }
  }

  /** Nothing is remembered of them any more. */
  forget(ended: EndedItems): void {
    if (ended.size > 0 || ended.hasFate) return;
    ended.call.forget(ended);
    this.#forgetCall(ended.call);
  }

  #drop(range: ItemRange): void {
    const { call, count } = range;
    call.removeRange(range);
    call.pending -= count;
    this.pending -= count;
    this.#forgetCall(call);
  }

  #forgetCall(call: EndedItems['call']): void {
    if (!call.isOver) return;
    const { clientId } = call.submission;
    const calls = this.#calls.get(clientId) ?? [];
    const place = calls.findIndex((one) => one === call);
    if (place >= 0) calls.splice(place, 1);
    if (calls.length === 0) this.#calls.delete(clientId);
  }
}

const NONE: readonly ItemCall[] = [];

/** An item of a range as a task, to be looked at. */
export function viewOf(range: ItemRange, item: number): Task {
  const { call, state, from } = range;
  const task = new Task(submissionAt(call.submission, item), call.seq + item, call.share);
  task.pace = call.pace;
  task.turn = call.turn + item;
  task.state = state === 'running' && item > from ? 'sent' : state;
  task.engine = range.engine;
  task.isRecalled = range.isRecalled;
  task.started = item === from ? range.started : null;
  return task;
}
