import type { Clock } from '../base/clock.ts';
import type { FromEngine } from '../protocol/engine-messages.ts';
import type { MsgId } from '../protocol/ids.ts';
import type { Link } from '../protocol/link.ts';
import type { StreamEvent, StreamName } from '../protocol/outputs.ts';

type Port = Pick<Link<never, FromEngine>, 'post' | 'flush'>;
type Progress = Extract<StreamEvent, { type: 'progress' }>;

/** Milliseconds after which what a busy task says leaves at once instead of with the turn. */
const FLUSH_AFTER = 50;
/** Characters on one stream, and displays, that one request may send. */
const LONGEST_STREAM = 1 << 20;
const MOST_DISPLAYS = 10_000;

/**
 * What the engine says while a request runs. Everything is told in the name of the request that runs, or of
 * the last one when a timer speaks later; what an abandoned one still says is dropped. Texts that follow
 * each other join into one event.
 */
export class EngineOutput {
  readonly #port: Port;
  readonly #clock: Clock;
  #msgId: MsgId | null = null;
  /** False after an interrupt, until the next request. */
  #open = true;
  /** Text not yet posted; of one stream. */
  #text: { readonly name: StreamName; chunks: string[] } | null = null;
  /** The latest progress not yet posted. */
  #progress: Progress | null = null;
  #scheduled = false;
  #lastFlush = 0;
  #sent = { stdout: 0, stderr: 0, displays: 0 };

  constructor(port: Port, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
  }

  /** What is said from now on is said by this request. The link has just been flushed. */
  begin(msgId: MsgId): void {
    this.settle();
    this.#msgId = msgId;
    this.#open = true;
    this.#sent = { stdout: 0, stderr: 0, displays: 0 };
    this.#lastFlush = this.#clock.now();
  }

  /** The request was given up; its code may still run. */
  abandon(): void {
    this.settle();
    this.#open = false;
  }

  write(name: StreamName, text: string): void {
    if (!this.#open) return;
    const before = this.#sent[name];
    this.#sent[name] += text.length;
    if (before > LONGEST_STREAM) return;
    this.#append(
      name,
      this.#sent[name] > LONGEST_STREAM ? cutMark(name, text, LONGEST_STREAM - before) : text,
    );
    this.#tick();
  }

  send(event: StreamEvent): void {
    if (!this.#open) return;
    if (event.type === 'progress') this.#progress = event;
    else if (event.type !== 'display' || this.#countDisplay()) {
      this.settle();
      this.#post(event);
    }
    this.#tick();
  }

  /** Said although nothing runs, or against the rule: never dropped. */
  stray(text: string): void {
    this.settle();
    this.#post({ type: 'stream', name: 'stderr', text });
  }

  /** Posts what is held back. */
  settle(): void {
    const text = this.#text;
    const progress = this.#progress;
    this.#text = null;
    this.#progress = null;
    if (text) this.#post({ type: 'stream', name: text.name, text: text.chunks.join('') });
    if (progress) this.#post(progress);
  }

  /** The thread is about to be held: what is held back leaves now. */
  flush(): void {
    this.settle();
    this.#port.flush();
    this.#lastFlush = this.#clock.now();
  }

  #append(name: StreamName, text: string): void {
    if (this.#text?.name !== name) {
      this.settle();
      this.#text = { name, chunks: [] };
    }
    this.#text.chunks.push(text);
  }

  #countDisplay(): boolean {
    this.#sent.displays++;
    if (this.#sent.displays === MOST_DISPLAYS + 1) {
      this.write('stderr', `… displays of this request are cut here, after ${String(MOST_DISPLAYS)}\n`);
    }
    return this.#sent.displays <= MOST_DISPLAYS;
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

  #post(event: StreamEvent): void {
    this.#port.post({ type: 'event', msgId: this.#msgId, event });
  }
}

function cutMark(name: StreamName, text: string, room: number): string {
  return `${text.slice(0, room)}\n… ${name} of this request is cut here, at 1 MiB. Print less, or return the data.\n`;
}
