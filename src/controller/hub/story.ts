import type { ItemSpan } from '../../protocol/engine-messages.ts';
import { MsgId, type EngineId } from '../../protocol/ids.ts';

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
 * names and numbers only, never payloads. They are kept as columns, and writing one makes nothing new; what happens to
 * items of a call together is one line.
 */
export class Story {
  readonly #limit: number;
  readonly #causes: number[] = [];
  readonly #ats: number[] = [];
  readonly #whats: string[] = [];
  /** Whom it is about. */
  readonly #abouts: (MsgId | ItemSpan | null)[] = [];
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
    about: MsgId | ItemSpan | null,
    engineId: EngineId | null,
    note: string | null,
  ): void {
    if (this.#limit === 0) return;
    const n = this.#next;
    this.#next = n + 1 === this.#limit ? 0 : n + 1;
    this.#causes[n] = cause;
    this.#ats[n] = at;
    this.#whats[n] = what;
    this.#abouts[n] = about;
    this.#engineIds[n] = engineId;
    this.#notes[n] = note;
  }

  /** Lines about the task, and those about no task that caused them, oldest first. */
  of(msgId: MsgId): StoryLine[] {
    const client = MsgId.client(msgId);
    const number = MsgId.number(msgId);
    const isAbout = (about: MsgId | ItemSpan | null | undefined): boolean => {
      if (typeof about !== 'object' || about === null) return about === msgId;
      return about.client === client && number >= about.first && number < about.first + about.count;
    };
    const causes = new Set(this.#causes.filter((_, n) => isAbout(this.#abouts[n])));
    const isMeant = (n: number) =>
      this.#abouts[n] === null ? causes.has(this.#causes[n] ?? NaN) : isAbout(this.#abouts[n]);
    const size = this.#causes.length;
    const oldest = size < this.#limit ? 0 : this.#next;
    const places = this.#causes.map((_, i) => (oldest + i) % size);
    return places.filter(isMeant).map((n) => this.#line(n, msgId));
  }

  #line(n: number, msgId: MsgId): StoryLine {
    return {
      cause: this.#causes[n] ?? 0,
      at: this.#ats[n] ?? 0,
      what: this.#whats[n] ?? '',
      msgId: this.#abouts[n] === null ? null : msgId,
      engineId: this.#engineIds[n] ?? null,
      note: this.#notes[n] ?? null,
    };
  }
}
