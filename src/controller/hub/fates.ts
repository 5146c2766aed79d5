import type { EngineId, MsgId } from '../../protocol/ids.ts';
import type { Calls } from './calls.ts';
import type { EndedItems } from './ended-items.ts';

/** How a task ended, and where. */
export interface Fate {
  readonly msgId: MsgId;
  /** Else it failed, or was aborted. */
  readonly ok: boolean;
  /** Null when no engine ever got it. */
  readonly engineId: EngineId | null;
}

/** Fates that are kept. Records are culled earlier: they hold results. */
const LIMIT = 65_536;
/** So many go at once: the beginning of a Map that has lost its first entries is slow to find. */
const GONE = LIMIT / 16;

/** How the latest tasks ended, for those that depend on them. */
export class Fates {
  readonly #calls: Calls;
  readonly #fates = new Map<MsgId, Fate>();
  /** Items of calls that ended well, in order, and how many they are. */
  readonly #ended = new Set<EndedItems>();
  #items = 0;
  /** Those that nobody has taken notice of yet. */
  #news: Fate[] = [];

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** Nobody depends on them: those that somebody depends on have left. */
  addItems(ended: EndedItems): void {
    this.#ended.add(ended);
    this.#items += ended.to - ended.from;
    if (this.#items <= LIMIT) return;
    for (const oldest of this.#ended) {
      if (this.#items <= LIMIT - GONE) return;
      this.#items -= oldest.to - oldest.from;
      this.#ended.delete(oldest);
      oldest.hasFate = false;
      this.#calls.forget(oldest);
    }
  }

  add(fate: Fate): void {
    this.#fates.set(fate.msgId, fate);
    this.#news.push(fate);
    if (this.#fates.size <= LIMIT) return;
    for (const oldest of this.#fates.keys()) {
      if (this.#fates.size <= LIMIT - GONE) return;
      this.#fates.delete(oldest);
    }
  }

  get(msgId: MsgId): Fate | undefined {
    const fate = this.#fates.get(msgId);
    if (fate !== undefined) return fate;
    const ended = this.#calls.endedWith(msgId)?.ended;
    return ended?.hasFate === true ? { msgId, ok: true, engineId: ended.engineId } : undefined;
  }

  takeNews(): readonly Fate[] {
    if (this.#news.length === 0) return this.#news;
    const news = this.#news;
    this.#news = [];
    return news;
  }
}
