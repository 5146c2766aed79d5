import type { RunId } from '../protocol/ids.ts';
import type { KernelEvent } from '../protocol/kernel-messages.ts';
import { asLate, lateMark, type MimeBundle, type Output, type StreamEvent } from '../protocol/outputs.ts';
import { boundedEvent } from './bounded-event.ts';

/** Milliseconds of silence after which output leaves at once instead of with the turn. */
const FLUSH_AFTER = 50;
/** Characters of stream text that one run may print; a loop that prints for ever is cut. */
const STREAM_LIMIT = 1 << 20;

export interface OutputPort {
  post(event: KernelEvent): void;
  flush(): void;
  /** Milliseconds. */
  now(): number;
}

/** Takes outputs of one run. */
export type Outputs = Pick<RunOutputs, 'runId' | 'add' | 'clear' | 'updateDisplay' | 'hear'>;

/**
 * Where the outputs of one run go. It stays open after the run has ended, for what is told later: displays that
 * change, AsyncResults that fail. What an interrupted run left behind says is dropped.
 */
export class RunOutputs {
  readonly runId: RunId;
  /** The same, for what may be another run's: it is marked. */
  readonly late: Outputs;
  readonly #port: OutputPort;
  #printed = 0;
  #lastFlush: number;
  #open = true;

  constructor(runId: RunId, port: OutputPort) {
    this.runId = runId;
    this.#port = port;
    this.#lastFlush = port.now();
    this.late = {
      runId,
      add: (output) => {
        this.add(asLate(output));
      },
      hear: (event) => {
        this.hear(asLate(event));
      },
      clear: (wait) => {
        this.clear(wait);
      },
      updateDisplay: (displayId, bundle) => {
        this.updateDisplay(displayId, bundle);
      },
    };
  }

  /** What it says is still heard. */
  get isOpen(): boolean {
    return this.#open;
  }

  add(output: Output): void {
    if (output.type === 'stream' && output.lane === null) this.#print(output);
    else this.#post({ type: 'output', runId: this.runId, output });
  }

  clear(wait: boolean): void {
    this.#post({ type: 'clear-output', runId: this.runId, wait });
  }

  updateDisplay(displayId: string, bundle: MimeBundle): void {
    this.#post({ type: 'update-display', displayId, bundle });
  }

  /** What the kernel's own console and display say. */
  hear(event: StreamEvent): void {
    if (event.type === 'stream') this.add({ ...event, lane: null });
    else if (event.type === 'clear-output') this.clear(event.wait);
    else if (event.type === 'display') this.#display(event);
  }

  close(): void {
    this.#open = false;
  }

  #display(event: Extract<StreamEvent, { type: 'display' }>): void {
    const { bundle, displayId } = event;
    const id = displayId === undefined ? {} : { displayId };
    if (event.update === true && displayId !== undefined) this.updateDisplay(displayId, bundle);
    else this.add({ type: 'display', lane: null, bundle, ...id, ...lateMark(event) });
  }

  #print(output: Extract<Output, { type: 'stream' }>): void {
    if (this.#printed > STREAM_LIMIT) return;
    this.#printed += output.text.length;
    const text =
      this.#printed > STREAM_LIMIT
        ? `${output.text.slice(0, 1000)}\n… output of this run is cut here, at 1 MiB. Print less, or keep it in a variable.\n`
        : output.text;
    this.#post({ type: 'output', runId: this.runId, output: { ...output, text } });
  }

  #post(event: KernelEvent): void {
    if (!this.#open) return;
    this.#port.post(boundedEvent(event));
    // A long synchronous cell never ends its turn: what it prints must leave all the same.
    const now = this.#port.now();
    if (now - this.#lastFlush < FLUSH_AFTER) return;
    this.#lastFlush = now;
    this.#port.flush();
  }
}
