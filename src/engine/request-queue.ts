import { itemRequest, type CallItems } from '../protocol/calls.ts';
import type { FromEngine, ItemSpan, ToEngine } from '../protocol/engine-messages.ts';
import type { WireError } from '../protocol/errors.ts';
import { MsgId, type ClientId } from '../protocol/ids.ts';
import type { ItemClaims } from '../protocol/item-claims.ts';
import type { Link } from '../protocol/link.ts';
import { NEVER_RAN } from '../protocol/replies.ts';
import type { InterruptEar } from '../realm/interrupt-ear.ts';
import type { CommRunner } from './comm/comm-runner.ts';

export interface QueuedRequest extends Readonly<Extract<ToEngine, { type: 'request' }>> {
  /** Among all requests that have come, from 0; -1: it is an item. */
  readonly place: number;
  /** Which item it is. */
  readonly of?: { readonly queued: QueuedItems; readonly item: number };
}

interface QueueHost {
  readonly link: Pick<Link<ToEngine, FromEngine>, 'post'>;
  readonly comm: Pick<CommRunner, 'dismiss'>;
  readonly ear: Pick<InterruptEar, 'dismiss'>;
  /** The engine's, now. */
  readonly executionCount: () => number;
}

/** Items of a call that wait, in order; `items.f` is that of the call. */
export class QueuedItems {
  readonly client: ClientId;
  /** The number of the call's first id: its name among the calls of its client. */
  readonly call: number;
  /** The number of the first one's id. */
  readonly first: number;
  readonly items: CallItems;
  readonly count: number;
  /** Of the first among all items that have come. */
  readonly place: number;
  /** Null: nobody else takes any. */
  readonly #claims: ItemClaims | null;
  /** Those before this have been taken. */
  #next = 0;
  /** Of the others, those that do not begin here. */
  readonly #gone = new Set<number>();

  constructor(
    { client, call, first, items }: Extract<ToEngine, { type: 'items' }>,
    place: number,
    claims: ItemClaims | null,
  ) {
    this.client = client;
    this.call = call;
    this.first = first;
    this.items = items;
    this.count = items.bytes.length;
    this.place = place;
    this.#claims = claims;
  }

  /** The next, which begins now; -1: there is none any more. */
  take(): number {
    while (this.#next < this.count) {
      const item = this.#next++;
      if (this.#gone.size > 0 && this.#gone.delete(item)) continue;
      if (this.#claims === null || this.#claims.claim(this.place + item)) return item;
    }
    return -1;
  }

  get isEmpty(): boolean {
    return this.#next >= this.count;
  }

  idOf(item: number): MsgId {
    return MsgId.create(this.client, this.first + item);
  }

  /** As a request of its own. */
  request(item: number): QueuedRequest {
    const request = itemRequest(this.items, item);
    const common = { type: 'request', abortsQueueOnError: false, client: this.client, place: -1 } as const;
    return { ...common, msgId: this.idOf(item), request, of: { queued: this, item } };
  }

  /** The item of that id, if it waits. */
  find(client: ClientId, number: number): number {
    const item = number - this.first;
    if (client !== this.client || item < this.#next || item >= this.count || this.#gone.has(item)) return -1;
    return this.#claims?.isOpen(this.place + item) === false ? -1 : item;
  }

  /** One that waits does not begin here. False: it is the controller's already. */
  remove(item: number): boolean {
    this.#gone.add(item);
    return this.#claims === null || this.#claims.claim(this.place + item);
  }
}

/**
 * The requests that have not begun, in order of arrival. Here they end that never run: aborted, which is their answer,
 * or given back to the controller.
 */
export class RequestQueue {
  readonly #host: QueueHost;
  readonly #waiting = new Map<MsgId | QueuedItems, QueuedRequest | QueuedItems>();
  /** Those that were interrupted before they began: they end with it in their turn. */
  readonly #interrupted = new Set<MsgId>();

  constructor(host: QueueHost) {
    this.#host = host;
  }

  /** Items that the controller has taken back may make it seem that there is something. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  has(msgId: MsgId): boolean {
    return this.#waiting.has(msgId) || this.#itemOf(msgId) !== null;
  }

  add(item: QueuedRequest): void {
    this.#waiting.set(item.msgId, item);
  }

  addItems(items: QueuedItems): void {
    this.#waiting.set(items, items);
  }

  /** What is next; items stay until all of them have been taken. */
  get head(): QueuedRequest | QueuedItems | undefined {
    for (const head of this.#waiting.values()) {
      if (!(head instanceof QueuedItems) || !head.isEmpty) return head;
      this.#waiting.delete(head);
    }
    return undefined;
  }

  /** The one whose turn it is. */
  take(): QueuedRequest | undefined {
    for (let head = this.head; head !== undefined; head = this.head) {
      if (!(head instanceof QueuedItems)) {
        this.#waiting.delete(head.msgId);
        return head;
      }
      const item = head.take();
      if (item >= 0) return head.request(item);
    }
    return undefined;
  }

  /** Not of the one that runs. One that is not here either has ended, or has been given back. */
  interrupt(msgId: MsgId): void {
    if (this.has(msgId)) this.#interrupted.add(msgId);
    else this.#host.ear.dismiss(msgId);
  }

  /** Whether the one just taken was interrupted while it waited. */
  takeInterrupt(msgId: MsgId): boolean {
    return this.#interrupted.delete(msgId);
  }

  /** Some of those that wait have been interrupted. */
  get hasInterrupts(): boolean {
    return this.#interrupted.size > 0;
  }

  abort(msgId: MsgId, reason: string): void {
    const item = this.#waiting.get(msgId);
    const found = item === undefined ? this.#itemOf(msgId) : null;
    if (item === undefined && found === null) return;
    const isOurs = found === null || found.items.remove(found.item);
    this.#remove(msgId);
    if (!isOurs) return;
    const { link, comm, executionCount } = this.#host;
    comm.dismiss((item as QueuedRequest | undefined)?.membership);
    const facts = { ...NEVER_RAN, executionCount: executionCount() };
    link.post({ type: 'reply', reply: { msgId, outcome: { status: 'aborted', reason }, facts } });
  }

  /** What the same client has queued behind a request that failed. */
  abortBehind({ msgId, client }: QueuedRequest, error: WireError): void {
    const reason = `It was queued behind ${msgId}, which failed: ${error.ename}: ${error.evalue}`;
    for (const queued of [...this.#waiting.values()]) {
      if (queued.client !== client) continue;
      if (!(queued instanceof QueuedItems)) this.abort(queued.msgId, reason);
      else for (let item = 0; item < queued.count; item++) this.abort(queued.idOf(item), reason);
    }
  }

  giveBack(spans: readonly ItemSpan[]): void {
    const returned = spans.flatMap((span) => this.#giveBack(span));
    this.#host.link.post({ type: 'returned', spans: returned });
  }

  #giveBack({ client, first, count }: ItemSpan): ItemSpan[] {
    const back: ItemSpan[] = [];
    for (let number = first; number < first + count; number++) {
      const msgId = MsgId.create(client, number);
      const found = this.#itemOf(msgId);
      if (found?.items.remove(found.item) !== true) continue;
      this.#remove(msgId);
      const last = back.at(-1);
      if (last !== undefined && last.first + last.count === number)
        back[back.length - 1] = { ...last, count: last.count + 1 };
      else back.push({ client, first: number, count: 1 });
    }
    return back;
  }

  #itemOf(msgId: MsgId): { readonly items: QueuedItems; readonly item: number } | null {
    const client = MsgId.client(msgId);
    const number = MsgId.number(msgId);
    for (const items of this.#waiting.values()) {
      const item = items instanceof QueuedItems ? items.find(client, number) : -1;
      if (item >= 0) return { items: items as QueuedItems, item };
    }
    return null;
  }

  /** It does not begin here. */
  #remove(msgId: MsgId): void {
    this.#waiting.delete(msgId);
    this.#interrupted.delete(msgId);
    this.#host.ear.dismiss(msgId);
  }
}
