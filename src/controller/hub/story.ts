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
 * names and numbers only, never payloads.
 */
export class Story {
  readonly #limit: number;
  readonly #lines: StoryLine[] = [];
  /** Where the next line goes once the ring is full: its oldest line. */
  #oldest = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(line: StoryLine): void {
    if (this.#lines.length < this.#limit) {
      this.#lines.push(line);
    } else if (this.#limit > 0) {
      this.#lines[this.#oldest] = line;
      this.#oldest = (this.#oldest + 1) % this.#limit;
    }
  }

  /** Lines about the task, and those about no task that caused them, oldest first. */
  of(msgId: MsgId): StoryLine[] {
    const lines = [...this.#lines.slice(this.#oldest), ...this.#lines.slice(0, this.#oldest)];
    const causes = new Set(lines.filter((line) => line.msgId === msgId).map((line) => line.cause));
    return lines.filter((line) => line.msgId === msgId || (line.msgId === null && causes.has(line.cause)));
  }
}
