import type { MsgId } from '../../src/protocol/ids.ts';
import { askInterrupt, type InterruptFlag } from '../../src/protocol/interrupt-flag.ts';
import type { Log } from './log.ts';

/** Milliseconds in which guarded loops and whatever waits hear the flag; then V8 itself is told (SIGINT). */
const GRACE = 100;
/** Milliseconds between two SIGINTs, and how many: the first may come between two runs of user code. */
const BETWEEN = 500;
const MOST = 10;

/** Stops code that holds the engine's thread: first by the flag that it looks at, then by force. */
export class Breaker {
  readonly #flag: InterruptFlag | null;
  readonly #running: () => MsgId | null;
  readonly #log: Log;

  constructor(flag: InterruptFlag | null, running: () => MsgId | null, log: Log) {
    this.#flag = flag;
    this.#running = running;
    this.#log = log;
  }

  break(msgId: MsgId): void {
    if (this.#flag) askInterrupt(this.#flag, msgId);
    this.#later(msgId, GRACE, MOST);
  }

  #later(msgId: MsgId, delay: number, left: number): void {
    setTimeout(() => {
      if (this.#running() !== msgId) return;
      if (left === 0) {
        this.#log.warn(
          `${msgId} could not be interrupted; shut the engine down (restart: true) to be rid of it`,
        );
        return;
      }
      process.kill(process.pid, 'SIGINT');
      this.#later(msgId, BETWEEN, left - 1);
    }, delay);
  }
}
