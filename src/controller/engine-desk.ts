import type { Clock, Timers } from '../base/clock.ts';
import { LatestMap } from '../base/latest-map.ts';
import {
  MOST_CALLS,
  type FromEngine,
  type ItemSpan,
  type LibraryAnswer,
  type ToEngine,
} from '../protocol/engine-messages.ts';
import type { EngineId, EngineUuid, MsgId } from '../protocol/ids.ts';
import { askInterrupt, createInterruptFlag, type InterruptFlag } from '../protocol/interrupt-flag.ts';
import type { Link } from '../protocol/link.ts';
import type { LookAnswer, LookQuestion } from '../protocol/looking.ts';
import { createItemClaims, ItemClaims } from '../protocol/item-claims.ts';
import { createSlate, SlateReader, type SlateItems, type SlateRow } from '../protocol/reply-slate.ts';
import type { EngineRequest } from '../protocol/requests.ts';
import { CommDesk } from './comm-desk.ts';
import type { HubEffect, HubEvent } from './events.ts';
import { GivenItems } from './given-items.ts';
import { partOf } from './hub/ended-items.ts';
import { isFromEngine } from './guards.ts';
import { engineEvent } from './translate.ts';

/** One life of an engine, to be launched. */
export interface EngineSpec {
  readonly id: EngineId;
  readonly uuid: EngineUuid;
  /** 1 for the first life. */
  readonly generation: number;
}

export interface EngineDeskSetup {
  /** Starts a worker. A throw counts as the engine's death. The link is closed when the engine is to end. */
  launch(spec: EngineSpec): Link<FromEngine, ToEngine>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Memory that engines can share (`boardMemory()`), so that they can wait for each other's messages. Without it
   * messages go through here, and can only be awaited. */
  readonly memory?: SharedArrayBuffer | null;
  /** The answer to `look`. */
  onSeen?(n: number, answer: LookAnswer): void;
  /** Calls back in the next turn of the event loop, behind what has come in already. Missing: what engines say is
   * handled message by message. */
  nextTurn?(callback: () => void): void;
  /** Text of the bundled library, for engines that import it. */
  readLibrary?(name: string): Promise<LibraryAnswer>;
}

/** One life of an engine, as the shell knows it. */
interface EngineLine {
  readonly id: EngineId;
  readonly link: Link<FromEngine, ToEngine>;
  /** Null without shared memory. */
  readonly interruptFlag: InterruptFlag | null;
  /** The last request posted. */
  last: EngineRequest | null;
  /** Requests and items that it has not answered. */
  open: number;
  readonly items: GivenItems;
  /** Calls of which it has the function, by client and number. */
  readonly calls: LatestMap<string, true>;
  /** What it writes instead of messages; null without shared memory. */
  readonly slate: SlateReader | null;
  /** Messages heard of it. */
  heard: number;
  /** The ids of the latest requests, and the place of the first of them among all. */
  readonly sent: MsgId[];
  first: number;
}

/** Seconds between two looks at the slates: whoever has something there and more to do may be held by that. While
 * nothing is there, longer and longer. */
const SHORTEST_LOOK = 0.005;
const LONGEST_LOOK = 0.08;
/** Requests that an engine may be asked about by their places; it has far fewer at once. */
const MOST_SENT = 4096;

type Send = Extract<HubEffect, { readonly type: 'send' }>;
type ItemsDone = Pick<Extract<FromEngine, { readonly type: 'items-done' }>, 'client' | 'first' | 'ends'>;
type MemberEnded = Extract<HubEffect, { readonly type: 'member-ended' }>;

/**
 * Has the lines to the engines that live: launches them, sends what the hub wants sent, and makes events of what they
 * say. What engines say to each other, ask of libraries and answer to `look` does not concern the hub: it is passed
 * on here.
 */
export class EngineDesk {
  readonly #setup: EngineDeskSetup;
  readonly #handle: (events: readonly HubEvent[]) => void;
  readonly #comm: CommDesk;
  readonly #lines = new Map<EngineUuid, EngineLine>();
  /** Said by engines, and not handled. */
  #heard: HubEvent[] = [];
  #isTurnAsked = false;
  /** Until the next look at the slates; null: none is to come. */
  #cancelLook: (() => void) | null = null;

  constructor(setup: EngineDeskSetup, handle: (events: readonly HubEvent[]) => void) {
    this.#setup = setup;
    this.#handle = handle;
    this.#comm = new CommDesk(setup.memory ?? null, (uuid, message) => {
      this.#lines.get(uuid)?.link.post(message);
    });
  }

  /** `first`: what it is told after its welcome. */
  start(spec: EngineSpec, first: readonly ToEngine[]): void {
    const { id, uuid } = spec;
    const lost = (reason: string) => {
      const line = this.#lines.get(uuid);
      if (line) this.#readSlate(uuid, line, Infinity);
      this.#handleHeard();
      this.#handle([{ type: 'engine-lost', at: this.#now(), uuid, reason }]);
    };
    try {
      const link = this.#setup.launch(spec);
      const interruptFlag = createInterruptFlag();
      const slate = createSlate();
      const claims = createItemClaims();
      const line: EngineLine = {
        ...{ id, link, interruptFlag, last: null, open: 0, heard: 0, sent: [], first: 0 },
        slate: slate && new SlateReader(slate),
        items: new GivenItems(claims && new ItemClaims(claims)),
        calls: new LatestMap<string, true>(MOST_CALLS),
      };
      this.#lines.set(uuid, line);
      link.onLost(lost);
      link.onMessages((batch) => {
        this.#hear(uuid, batch);
      });
      const board = this.#comm.welcome(uuid, id);
      link.post({
        type: 'welcome',
        engineId: id,
        engineUuid: uuid,
        interruptFlag,
        ...board,
        ...(slate && { slate }),
        ...(claims && { claims }),
      });
      for (const message of first) link.post(message);
    } catch (error) {
      lost(`it could not be launched: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  terminate(uuid: EngineUuid): void {
    const line = this.#lines.get(uuid);
    this.#lines.delete(uuid);
    if (this.#lines.size === 0) this.#stopLooking();
    line?.link.close();
    this.#comm.gone(uuid);
  }

  send({ uuid, message, beside, transfer, now }: Send): void {
    const line = this.#lines.get(uuid);
    if (line === undefined) return;
    if (message.type === 'request') {
      // Two messages cloned together would share what they have in common.
      if (message.request === line.last) line.link.flush();
      line.last = message.request;
      line.open++;
      note(line, message.msgId);
      if (line.open > 1 && line.slate !== null) this.#lookSoon(SHORTEST_LOOK);
    }
    if (message.type === 'items') {
      this.#sendItems(uuid, line, message);
      return;
    }
    if (message.type === 'recall' && this.#takeBack(uuid, line, message.spans)) return;
    if (message.type === 'interrupt') {
      if (line.interruptFlag) askInterrupt(line.interruptFlag, message.msgId);
      this.#comm.ring(uuid);
    }
    const whole =
      beside && message.type === 'request'
        ? { ...message, membership: this.#comm.membership(uuid, beside) }
        : message;
    line.link.post(whole, transfer);
    if (now) line.link.flush();
  }

  /** Its function goes once to each life. */
  #sendItems(
    uuid: EngineUuid,
    line: EngineLine,
    message: Extract<ToEngine, { readonly type: 'items' }>,
  ): void {
    const { client, call, first, items } = message;
    const key = `${client}_${String(call)}`;
    const count = items.bytes.length;
    const crowded = line.items.give({ client, first, count });
    line.open += count;
    if (crowded.length > 0) this.#takenBack(uuid, line, crowded);
    if (line.open > 1 && line.slate !== null) this.#lookSoon(SHORTEST_LOOK);
    const isKnown = line.calls.has(key);
    if (!isKnown) line.calls.set(key, true);
    line.link.post(isKnown ? { ...message, items: { ...items, f: null } } : message);
  }

  /** Without asking it. False: it must be asked. */
  #takeBack(uuid: EngineUuid, line: EngineLine, asked: readonly ItemSpan[]): boolean {
    const spans = line.items.takeBack(asked);
    if (spans === null) return false;
    this.#takenBack(uuid, line, spans);
    return true;
  }

  #takenBack(uuid: EngineUuid, line: EngineLine, spans: readonly ItemSpan[]): void {
    line.open -= countOf(spans);
    this.#handle([{ type: 'returned', at: this.#now(), uuid, spans }]);
  }

  tellAll(message: ToEngine): void {
    for (const { link } of this.#lines.values()) link.post(message);
  }

  memberEnded({ group, ended, uuid, others }: MemberEnded): void {
    this.#comm.memberEnded(group, ended, uuid, others);
  }

  /** `onSeen` is told the answer. False: there is no such engine. */
  look(engine: EngineId, n: number, question: LookQuestion): boolean {
    const line = [...this.#lines.values()].find(({ id }) => id === engine);
    line?.link.post({ type: 'look', n, question });
    return line !== undefined;
  }

  #now(): number {
    return this.#setup.clock.now();
  }

  #hear(uuid: EngineUuid, batch: readonly unknown[]): void {
    const line = this.#lines.get(uuid);
    if (line === undefined) return;
    const at = this.#now();
    for (const message of batch) {
      // What it wrote before it posted this.
      this.#readSlate(uuid, line, line.heard++);
      if (!isFromEngine(message) || message.type === 'slate') continue;
      if (message.type === 'need-library') void this.#provide(uuid, message.name);
      else if (message.type === 'seen') this.#setup.onSeen?.(message.n, message.answer);
      else if (message.type === 'comm-wake') this.#comm.wake(message.slot);
      else if (message.type === 'comm') {
        const { to, message: letter } = message;
        this.#lines.get(to)?.link.post({ type: 'comm', message: letter }, letter.value.buffers);
      } else {
        if (message.type === 'reply') line.open--;
        else if (message.type === 'items-done') line.open -= message.ends.values.length;
        else if (message.type === 'returned') line.open -= countOf(message.spans);
        this.#heard.push(engineEvent(message, uuid, at));
      }
    }
    this.#readSlate(uuid, line, line.heard);
    this.#handleSoon(line);
  }

  /** What was written before more than so many messages had been posted. */
  #readSlate(uuid: EngineUuid, line: EngineLine, posted: number): void {
    const at = this.#now();
    line.slate?.take(posted, {
      row: ({ place, value, facts }: SlateRow) => {
        const msgId = line.sent[place - line.first];
        if (msgId === undefined) return;
        line.open--;
        const reply = { msgId, outcome: { status: 'ok', value }, facts } as const;
        this.#heard.push({ type: 'replied', at, uuid, reply, names: null });
      },
      items: (items) => {
        for (const { client, first, ends } of spansOf(items, line.items)) {
          line.open -= ends.values.length;
          this.#heard.push({ type: 'items-done', at, uuid, client, first, ends });
        }
      },
    });
  }

  #stopLooking(): void {
    this.#cancelLook?.();
    this.#cancelLook = null;
  }

  #lookSoon(seconds: number): void {
    this.#cancelLook ??= this.#setup.timers.after(seconds, () => {
      this.#cancelLook = null;
      const before = this.#heard.length;
      for (const [uuid, line] of this.#lines) this.#readSlate(uuid, line, line.heard);
      const next = this.#heard.length > before ? SHORTEST_LOOK : Math.min(2 * seconds, LONGEST_LOOK);
      this.#handleHeard();
      // An engine with one request writes nothing: it answers.
      for (const { open } of this.#lines.values()) if (open > 1) this.#lookSoon(next);
    });
  }

  /**
   * Of an engine that has more to do nobody waits for the answer: what others have said by now is handled with it, and
   * what follows from all of it leaves together. Busier times make longer batches by themselves.
   */
  #handleSoon({ open }: EngineLine): void {
    if (open <= 0 || this.#setup.nextTurn === undefined) {
      this.#handleHeard();
      return;
    }
    if (this.#isTurnAsked) return;
    this.#isTurnAsked = true;
    this.#setup.nextTurn(() => {
      this.#isTurnAsked = false;
      this.#handleHeard();
    });
  }

  #handleHeard(): void {
    const events = this.#heard;
    this.#heard = [];
    if (events.length > 0) this.#handle(events);
  }

  async #provide(uuid: EngineUuid, name: string): Promise<void> {
    const readLibrary = this.#setup.readLibrary?.bind(this.#setup);
    const module = readLibrary
      ? await readLibrary(name).catch((error: unknown): LibraryAnswer => ({
          ok: false,
          reason: String(error),
        }))
      : ({ ok: false, reason: `There is no library named ${name} here.` } as const);
    this.#lines.get(uuid)?.link.post({ type: 'library', name, module });
  }
}

/** One more request of this life. */
function note(line: EngineLine, msgId: MsgId): void {
  const { sent } = line;
  if (sent.length >= MOST_SENT) line.first += sent.splice(0, MOST_SENT / 2).length;
  sent.push(msgId);
}

function countOf(spans: readonly ItemSpan[]): number {
  return spans.reduce((sum, { count }) => sum + count, 0);
}

/** What was written about items with ids that follow each other. */
function spansOf({ place, ends }: SlateItems, given: GivenItems): ItemsDone[] {
  const spans: ItemsDone[] = [];
  const n = ends.values.length;
  for (let i = 0; i < n;) {
    const found = given.at(place + i);
    if (found === null) break;
    const to = Math.min(n, i + found.left);
    spans.push({ client: found.client, first: found.number, ends: partOf(ends, i, to) });
    i = to;
  }
  return spans;
}
