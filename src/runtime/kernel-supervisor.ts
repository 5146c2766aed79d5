import type { Timers } from '../base/clock.ts';
import { deferred, type Deferred } from '../base/deferred.ts';
import type { FromController, ToController } from '../protocol/client-messages.ts';
import type { LibraryAnswer } from '../protocol/engine-messages.ts';
import type { RunId } from '../protocol/ids.ts';
import { askInterrupt, createInterruptFlag, type InterruptFlag } from '../protocol/interrupt-flag.ts';
import type { CellRun, FromKernel, KernelEvent, ToKernel } from '../protocol/kernel-messages.ts';
import type { Link } from '../protocol/link.ts';
import { ClientLines, type ClusterSource } from './client-lines.ts';
import { isFromKernel } from './kernel-guard.ts';
import type { LookAnswer, LookQuestion } from '../protocol/looking.ts';
import type { KernelStatus } from '../protocol/runtime-messages.ts';

/**
 * Keeps one kernel worker alive and busy with one cell at a time. It promises that every cell which was sent
 * ends: by the kernel's own word, or because the kernel was terminated, which the listener is told with a
 * reason. A kernel that does not obey an interrupt within the grace is replaced by a new one, and so is one that has
 * acknowledged it and then answers nothing.
 */
export interface KernelHost extends ClusterSource {
  launch(): Link<FromKernel, ToKernel>;
  readonly timers: Timers;
  /** Seconds between an interrupt and the end of a kernel that did not obey. */
  readonly grace: number;
  onEvent(event: KernelEvent): void;
  onStatus(status: KernelStatus, reason: string | null): void;
  /** The answer to `look`. */
  onSeen(n: number, answer: LookAnswer): void;
  /** It did not obey an interrupt, or has called `close()`, and there is a new one with an empty namespace. */
  onKilled(text: string): void;
  /** It does not answer because a cell holds it; a sentence. */
  onBusy(text: string): void;
  /** A new kernel's line to the controller; the one before it is gone. */
  attachClient(link: Link<ToController, FromController>): void;
  readLibrary(name: string): Promise<LibraryAnswer>;
}

/** The number of our own question, which no question of the page has. */
const PROBE = -1;

/** One life of the kernel worker. */
interface Life {
  readonly link: Link<FromKernel, ToKernel>;
  /** Null without shared memory. */
  readonly interruptFlag: InterruptFlag | null;
  /** To the controllers: of the notebook, and of clusters that its cells have started. */
  readonly clients: ClientLines;
}

export class KernelSupervisor {
  readonly #host: KernelHost;
  #life: Life | null = null;
  #status: KernelStatus = 'starting';
  /** Cells sent by the page and not handed to the kernel: it has not loaded, or another cell runs. */
  #waiting: CellRun[] = [];
  /** The cell that the kernel is running. */
  #running: RunId | null = null;
  #cancelGrace: (() => void) | null = null;
  /** Interrupts of the cell that runs. */
  #interrupts = 0;
  #ready: Deferred<void> = deferred();

  constructor(host: KernelHost) {
    this.#host = host;
  }

  /** Resolves when the kernel has loaded. */
  start(): Promise<void> {
    this.#begin(null);
    return this.#ready.promise;
  }

  run(run: CellRun): void {
    this.#waiting.push(run);
    this.#next();
  }

  cancelRun(runId: RunId): void {
    this.#waiting = this.#waiting.filter((run) => run.runId !== runId);
  }

  /** Asks the kernel, if there is one, what could stand at an offset of a cell. */
  complete(n: number, code: string, cursor: number): void {
    this.#life?.link.post({ type: 'complete', n, code, cursor });
  }

  /** Asks the kernel, if there is one, what stands at an offset of a cell. */
  inspect(n: number, code: string, cursor: number): void {
    this.#life?.link.post({ type: 'inspect', n, code, cursor });
  }

  /** Looks into a value of the kernel's. */
  look(n: number, question: LookQuestion): void {
    if (this.#life) this.#life.link.post({ type: 'look', n, question });
    else this.#host.onSeen(n, { type: 'gone' });
  }

  /** The second one of a cell is in earnest: the kernel may not only hear it, the cell has to end. */
  interrupt(): void {
    this.#waiting = [];
    if (this.#life === null || this.#status === 'starting' || this.#cancelGrace !== null) return;
    if (this.#running === null) {
      this.#probe(this.#host.grace);
      return;
    }
    const { link, interruptFlag } = this.#life;
    this.#interrupts++;
    if (interruptFlag) askInterrupt(interruptFlag, this.#running);
    link.post({ type: 'interrupt' });
    this.#replaceAfter(this.#host.grace, 'stop');
  }

  /** Everything else begins anew: a kernel that no cell holds and that does not answer, too. Of one that a cell holds
   * the reader is told. */
  beginAnew(): void {
    if (this.#life === null || this.#status === 'starting' || this.#cancelGrace !== null) return;
    this.#probe(this.#host.grace);
  }

  restart(reason: string): void {
    this.#end(reason);
    this.#begin(reason);
  }

  /** Asks what whoever has its thread free answers at once. */
  #probe(grace: number): void {
    this.#life?.link.post({ type: 'inspect', n: PROBE, code: '', cursor: 0 });
    this.#replaceAfter(grace, 'answer');
  }

  #replaceAfter(grace: number, what: 'stop' | 'answer'): void {
    this.#cancelGrace = this.#host.timers.after(grace, () => {
      this.#cancelGrace = null;
      if (what === 'answer' && this.#running !== null && this.#interrupts === 0) {
        this.#host.onBusy('A cell holds the kernel, which does not answer. Interrupt stops it.');
        return;
      }
      const reason = `The kernel did not ${what} within ${String(grace)} s and was restarted. Its variables are gone.`;
      this.#replace(reason);
    });
  }

  #replace(reason: string): void {
    this.restart(reason);
    this.#host.onKilled(reason);
  }

  #begin(reason: string | null): void {
    this.#ready = deferred();
    this.#setStatus('starting', reason);
    const link = this.#host.launch();
    const clients = new ClientLines(link, this.#host);
    const interruptFlag = createInterruptFlag();
    const life: Life = { link, interruptFlag, clients };
    this.#life = life;
    link.post({ type: 'welcome', interruptFlag });
    this.#host.attachClient(clients.own);
    link.onMessages((batch) => {
      if (this.#life === life) this.#receive(batch, clients);
    });
    link.onLost((why) => {
      if (this.#life !== life) return;
      this.#end(why);
      this.#setStatus('dead', `The kernel has died: ${why}. Restart the kernel from the menu.`);
    });
  }

  #end(reason: string): void {
    this.#stopGrace();
    this.#waiting = [];
    this.#running = null;
    this.#interrupts = 0;
    const life = this.#life;
    this.#life = null;
    life?.link.close();
    life?.clients.lose(reason);
  }

  #receive(batch: readonly unknown[], clients: ClientLines): void {
    // In order, and a controller's in batches: a kernel that says it is ready has connected its client before.
    for (const message of batch) {
      if (!isFromKernel(message)) continue;
      if (message.type === 'exit') {
        this.#replace('A cell has called close(): the kernel was restarted. Its variables are gone.');
        return;
      }
      if (message.type === 'kernel' || message.type === 'seen' || message.type === 'need-library') {
        clients.deliver();
        if (message.type === 'kernel') this.#heard(message.event);
        else if (message.type === 'seen') this.#host.onSeen(message.n, message.answer);
        else this.#provide(message.name);
      } else clients.hear(message);
    }
    clients.deliver();
  }

  #heard(event: KernelEvent): void {
    if (event.type === 'inspection' && event.n === PROBE) {
      if (this.#interrupts < 2) this.#stopGrace();
      return;
    }
    this.#host.onEvent(event);
    if (event.type === 'ready') {
      this.#setStatus('idle', null);
      this.#ready.resolve();
      this.#next();
    } else if (event.type === 'interrupt-received') {
      if (this.#running === null || this.#interrupts > 1) return;
      this.#stopGrace();
      // It is not stuck, even if engines still have to stop, which takes a grace, too. But it may be again.
      this.#probe(2 * this.#host.grace + 1);
    } else if (event.type === 'cell-finished' && event.runId === this.#running) {
      this.#stopGrace();
      this.#running = null;
      this.#interrupts = 0;
      this.#setStatus('idle', null);
      this.#next();
    }
  }

  #next(): void {
    if (this.#status !== 'idle' || this.#life === null) return;
    const run = this.#waiting.shift();
    if (run === undefined) return;
    this.#running = run.runId;
    this.#setStatus('busy', null);
    this.#life.link.post({ type: 'run-cell', run });
  }

  #stopGrace(): void {
    this.#cancelGrace?.();
    this.#cancelGrace = null;
  }

  #provide(name: string): void {
    const life = this.#life;
    void this.#host.readLibrary(name).then((module) => {
      if (this.#life === life) life?.link.post({ type: 'library', name, module });
    });
  }

  #setStatus(status: KernelStatus, reason: string | null): void {
    this.#status = status;
    this.#host.onStatus(status, reason);
  }
}
