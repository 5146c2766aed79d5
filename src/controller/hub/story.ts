import type { EngineId, MsgId } from '../../protocol/ids.ts';

/** One thing that happened, or was done, on account of the event number `cause`. */
export interface StoryLine {
  readonly cause: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** An event's or effect's type, or a word for what was decided. */
  readonly what: string;
  readonly msgId: MsgId | null;
  readonly engineId: EngineId | null;
  readonly note: string | null;
}

/**
 * A log of bounded length, kept so that the life of one task can be read instead of stepped through. Lines hold
 * names and numbers only, never payloads. A tiny task has five: they are kept as columns, and writing one makes nothing
 * new.
 */
export class Story {
  readonly #limit: number;
  readonly #causes: number[] = [];
  readonly #ats: number[] = [];
  readonly #whats: string[] = [];
  readonly #msgIds: (MsgId | null)[] = [];
  readonly #engineIds: (EngineId | null)[] = [];
  readonly #notes: (string | null)[] = [];
  /** Where the next line goes; once the ring is full, its oldest line is there. */
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(
    cause: number,
    at: number,
    what: string,
    msgId: MsgId | null,
    engineId: EngineId | null,
    note: string | null,
  ): void {
    if (this.#limit === 0) return;
    const n = this.#next;
    this.#next = n + 1 === this.#limit ? 0 : n + 1;
    this.#causes[n] = cause;
    this.#ats[n] = at;
    this.#whats[n] = what;
    this.#msgIds[n] = msgId;
    this.#engineIds[n] = engineId;
    this.#notes[n] = note;
  }

  /** Lines about the task, and those about no task that caused them, oldest first. */
  of(msgId: MsgId): StoryLine[] {
    const causes = new Set(this.#causes.filter((_, n) => this.#msgIds[n] === msgId));
    const isMeant = (n: number) =>
      this.#msgIds[n] === msgId || (this.#msgIds[n] === null && causes.has(this.#causes[n] ?? NaN));
    const size = this.#causes.length;
    const oldest = size < this.#limit ? 0 : this.#next;
    const places = this.#causes.map((_, i) => (oldest + i) % size);
    return places.filter(isMeant).map((n) => this.#line(n));
  }

  #line(n: number): StoryLine {
    return {
      cause: this.#causes[n] ?? 0,
      at: this.#ats[n] ?? 0,
      what: this.#whats[n] ?? '',
      msgId: this.#msgIds[n] ?? null,
      engineId: this.#engineIds[n] ?? null,
      note: this.#notes[n] ?? null,
    };
  }
}
