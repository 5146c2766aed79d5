import type { Clock } from '../base/clock.ts';
import type { FromEngine } from '../protocol/engine-messages.ts';
import { MsgId, type ClientId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import { asLate, type StreamEvent, type StreamName } from '../protocol/outputs.ts';
import type { AsyncContext } from '../realm/async-context.ts';

type Port = Pick<Link<never, FromEngine>, 'post' | 'flush'>;
type Progress = Extract<StreamEvent, { type: 'progress' }>;

/** Milliseconds after which what a busy task says leaves at once instead of with the turn. */
const FLUSH_AFTER = 50;
/** Characters on one stream, and displays, that one request may send. */
const LONGEST_STREAM = 1 << 20;
const MOST_DISPLAYS = 10_000;

/** A request, as somebody who says something. */
export class Speaker {
  readonly #client: ClientId;
  readonly #number: number;
  /** False when it was given up. */
  isHeard = true;
  hasEnded = false;
  #sent: { stdout: number; stderr: number; displays: number } | null = null;

  constructor(client: ClientId, number: number) {
    this.#client = client;
    this.#number = number;
  }

  get msgId(): MsgId {
    return MsgId.create(this.#client, this.#number);
  }

  /** Most say nothing. */
  get sent(): { stdout: number; stderr: number; displays: number } {
    return (this.#sent ??= { stdout: 0, stderr: 0, displays: 0 });
  }
}

/**
 * What the engine says. Everything is told in the name of the request that has started the code which says it, also
 * when that request has ended; what an abandoned one still says is dropped. Where nobody knows who has started it, it
 * is told in the name of the one that runs, or of the last one, marked late. Texts that follow each other join into one
 * event.
 */
export class EngineOutput {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #context: AsyncContext<Speaker>;
  /** Text not yet posted; of one speaker and stream. */
  #text: {
    readonly by: Speaker;
    readonly name: StreamName;
    readonly isLate: boolean;
    chunks: string[];
  } | null = null;
  /** The latest progress not yet posted. */
  #progress: { readonly by: Speaker; readonly event: Progress } | null = null;
  /** The request that began last and was not given up. */
  #last: Speaker | null = null;
  /** The one that ended last of those. */
  #lastEnded: Speaker | null = null;
  #scheduled = false;
  #lastFlush = 0;

  constructor(port: Port, clock: Clock, context: AsyncContext<Speaker>) {
    this.#port = port;
    this.#clock = clock;
    this.#context = context;
  }

  /** What is said from now on is said by this request. The link has just been flushed. */
  begin(speaker: Speaker, now: number): void {
    this.settle();
    this.#context.enter(speaker);
    this.#last = speaker;
    this.#lastFlush = now;
  }

  /** The request has ended; its code may still run. */
  end(speaker: Speaker): void {
    this.settle();
    speaker.hasEnded = true;
    this.#lastEnded = speaker;
  }

  /** It was given up. */
  abandon(speaker: Speaker): void {
    this.settle();
    speaker.isHeard = false;
    if (this.#last === speaker) this.#last = this.#lastEnded;
  }

  write(name: StreamName, text: string): void {
    const by = this.#by;
    if (by?.isHeard !== true) return;
    const before = by.sent[name];
    by.sent[name] += text.length;
    if (before > LONGEST_STREAM) return;
    this.#append(
      by,
      name,
      by.sent[name] > LONGEST_STREAM ? cutMark(name, text, LONGEST_STREAM - before) : text,
    );
    this.#tick();
  }

  send(event: StreamEvent): void {
    const by = this.#by;
    if (by?.isHeard !== true) return;
    if (event.type === 'progress') {
      if (this.#progress !== null && this.#progress.by !== by) this.settle();
      this.#progress = { by, event };
    } else if (event.type !== 'display' || this.#countDisplay(by)) {
      this.settle();
      this.#post(by, this.#isLate(by) ? asLate(event) : event);
    }
    this.#tick();
  }

  /** An error that nobody has caught; never dropped. */
  uncaught(text: string): void {
    const by = this.#by;
    if (by === null) return;
    this.settle();
    const event: StreamEvent = { type: 'stream', name: 'stderr', text, isUncaught: true };
    this.#post(by, this.#isLate(by) ? asLate(event) : event);
  }

  /** Posts what is held back. */
  settle(): void {
    const text = this.#text;
    const progress = this.#progress;
    this.#text = null;
    this.#progress = null;
    if (text) {
      const event: StreamEvent = { type: 'stream', name: text.name, text: text.chunks.join('') };
      this.#post(text.by, text.isLate ? asLate(event) : event);
    }
    if (progress) this.#post(progress.by, progress.event);
  }

  /** The thread is about to be held: what is held back leaves now. */
  flush(): void {
    this.settle();
    this.#port.flush();
    this.#lastFlush = this.#clock.now();
  }

  /** In whose name is told what is said now. */
  get #by(): Speaker | null {
    return this.#context.now ?? this.#last;
  }

  #isLate(by: Speaker): boolean {
    return this.#context.now === null && by.hasEnded;
  }

  #append(by: Speaker, name: StreamName, text: string): void {
    const isLate = this.#isLate(by);
    if (this.#text?.name !== name || this.#text.by !== by || this.#text.isLate !== isLate) {
      this.settle();
      this.#text = { by, name, isLate, chunks: [] };
    }
    this.#text.chunks.push(text);
  }

  #countDisplay({ sent }: Speaker): boolean {
    sent.displays++;
    if (sent.displays === MOST_DISPLAYS + 1) {
      this.write('stderr', `… displays of this request are cut here, after ${String(MOST_DISPLAYS)}\n`);
    }
    return sent.displays <= MOST_DISPLAYS;
  }

  /** Held back until the code pauses, but not for long: code that never pauses is heard too. */
  #tick(): void {
    const now = this.#clock.now();
    if (now - this.#lastFlush >= FLUSH_AFTER) {
      this.flush();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(() => {
        this.#scheduled = false;
        this.settle();
      });
    }
  }

  #post({ msgId }: Speaker, event: StreamEvent): void {
    this.#port.post({ type: 'event', msgId, event });
  }
}

function cutMark(name: StreamName, text: string, room: number): string {
  return `${text.slice(0, room)}\n… ${name} of this request is cut here, at 1 MiB. Print less, or return the data.\n`;
}
