import type { EngineId, MsgId } from '../../protocol/ids.ts';

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
  readonly #fates = new Map<MsgId, Fate>();
  /** Those that nobody has taken notice of yet. */
  #news: Fate[] = [];

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
    return this.#fates.get(msgId);
  }

  takeNews(): readonly Fate[] {
    if (this.#news.length === 0) return this.#news;
    const news = this.#news;
    this.#news = [];
    return news;
  }
}
