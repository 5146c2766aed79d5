import type { Clock, Timers } from '../base/clock.ts';
import { deferred, type Deferred } from '../base/deferred.ts';
import { carryPromises, keepPrimordials } from '../base/primordials.ts';
import type { Random } from '../base/random.ts';
import { ClientHub } from '../client/client-hub.ts';
import type { ImportCallOptions } from '../protocol/module-names.ts';
import { CellUrl } from '../protocol/cell-url.ts';
import type { LibraryAnswer } from '../protocol/engine-messages.ts';
import type { RunId } from '../protocol/ids.ts';
import type { CellRun, KernelEvent, ToKernel } from '../protocol/kernel-messages.ts';
import type { Evaluator } from '../realm/evaluator.ts';
import type { FilesHost } from '../realm/files/files-host.ts';
import { AsyncContext } from '../realm/async-context.ts';
import { InterruptEar } from '../realm/interrupt-ear.ts';
import { KeyboardInterrupt } from '../realm/keyboard-interrupt.ts';
import { answerLook } from '../realm/looking/answer-look.ts';
import { KernelBlocker, type KernelLink } from './blocker.ts';
import { CellRunner } from './cell-runner.ts';
import { ControllerLines, type ControllerTells } from './controller-lines.ts';
import { complete, inspectAt } from './completion/complete.ts';
import { Interrupts } from './interrupts.ts';
import { installNames, type KernelNames } from './names.ts';
import { RunOutputs, type Outputs } from './run-outputs.ts';

/**
 * The kernel: the process that IPython's client session was. It runs plain cells in a namespace of its own, one
 * at a time, and holds the Client through which they reach the engines. It knows its owner only through one
 * link, and no page.
 */
export interface KernelHost {
  /** Where its thread may block, cells can wait without `await`. */
  readonly link: KernelLink;
  readonly evaluator: Evaluator;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** Evaluates an ES module's text, and a native `import(url)`. */
  importText(source: string): Promise<unknown>;
  importUrl(url: string, options?: ImportCallOptions): Promise<unknown>;
  /** The text at an address; rejects with an error that says why not. Default: there is no web here. */
  readonly fetchText?: (url: string) => Promise<string>;
  /** Files beside the notebook. Default: there are none. */
  readonly files?: FilesHost;
  /** Processors of this machine: the engines of a cluster when nobody says. Default 4. */
  readonly cores?: number;
}

export interface Kernel {
  /** An error that no cell waited for: an uncaught exception of a timer, an unhandled rejection. */
  reportStray(error: unknown): void;
}

export function startKernel(host: KernelHost): Kernel {
  return new RunningKernel(host);
}

/** Runs whose late output finds its cell. */
const MOST_RUNS = 1000;

class RunningKernel implements Kernel {
  readonly #host: KernelHost;
  readonly #ear: InterruptEar;
  readonly #names: KernelNames;
  readonly #runner: CellRunner;
  readonly #blocker: KernelBlocker;
  readonly #libraries = new Map<string, Deferred<LibraryAnswer>>();
  readonly #controllers: ControllerLines;
  /** Which run has started the code that runs: what it prints goes there, also late. */
  readonly #context: AsyncContext<RunOutputs>;
  /** Of the latest runs. */
  readonly #outputs = new Map<RunId, RunOutputs>();
  /** Null while nothing runs. */
  #running: { readonly runId: RunId; readonly interrupts: Interrupts; readonly outputs: RunOutputs } | null =
    null;
  /** Variables to be removed when nothing runs, and the question that each answers. */
  readonly #forgets: { readonly n: number; readonly name: string }[] = [];
  #count = 0;
  /** The targets of `%px` as told last. */
  #toldTargets = '';

  constructor(host: KernelHost) {
    this.#host = host;
    this.#ear = new InterruptEar(host.clock);
    this.#context = new AsyncContext(host.timers);
    this.#controllers = new ControllerLines(host.link);
    const hub = new ClientHub(this.#controllers.own);
    this.#blocker = new KernelBlocker(host.link);
    this.#names = installNames({
      ...host,
      hub,
      cores: host.cores ?? 4,
      openCluster: (options, clusterId) => this.#controllers.open(options, clusterId),
      joinCluster: (link) => this.#controllers.join(link, this.#running?.runId ?? null),
      blocker: this.#blocker,
      ear: this.#ear,
      needLibrary: (name) => this.#needLibrary(name),
      currentRun: () => this.#running?.runId ?? null,
      context: this.#context,
      outputsNow: () => this.#outputsNow(),
      outputsOf: (runId) => this.#outputs.get(runId) ?? null,
      exit: () => {
        host.link.post({ type: 'exit' });
        host.link.flush();
      },
      onAutopx: (magics) => {
        this.#tell({ type: 'autopx', targets: magics?.targets ?? null });
      },
    });
    this.#runner = new CellRunner(this.#names);
    carryPromises((promise) => this.#context.bindPromise(promise));
    keepPrimordials();
    host.link.onMessages((messages) => {
      this.#receive(messages);
    });
    this.#tell({ type: 'ready' });
    this.#tellTargets();
  }

  reportStray(error: unknown): void {
    // An interrupted cell's own promises reject; that is no news.
    if (error instanceof KeyboardInterrupt) return;
    this.#outputsNow()?.add(this.#runner.strayOutput(error));
  }

  /** Where the code that runs says something: where nobody knows which run has started it, the one that runs, or the
   * last one, which marks it. Null before the first. */
  #outputsNow(): Outputs | null {
    const known = this.#context.now ?? this.#running?.outputs;
    if (known) return known;
    const last = [...this.#outputs.values()].findLast(({ isOpen }) => isOpen);
    return last?.late ?? null;
  }

  #receive(messages: readonly ToKernel[]): void {
    // What comes now is for what waits.
    this.#context.enter(this.#running?.outputs ?? null);
    // In order, and the controllers' in batches: a cell finds the engines that were there when it was sent.
    for (const message of messages) {
      if (
        message.type === 'controller' ||
        message.type === 'cluster-joined' ||
        message.type === 'cluster-lost'
      ) {
        this.#controllers.hear(message);
      } else {
        this.#controllers.deliver();
        this.#obey(message);
      }
    }
    this.#controllers.deliver();
  }

  #obey(message: Exclude<ToKernel, ControllerTells>): void {
    switch (message.type) {
      case 'welcome':
        this.#ear.connect(message.interruptFlag);
        return;
      case 'run-cell':
        void this.#run(message.run);
        return;
      case 'interrupt':
        this.#tell({ type: 'interrupt-received' });
        this.#names.interrupt(this.#running?.runId ?? null);
        this.#running?.interrupts.ask();
        this.#blocker.interrupt();
        return;
      case 'complete':
        this.#tell({
          type: 'completions',
          n: message.n,
          ...complete(message.code, message.cursor, this.#names.sights),
        });
        return;
      case 'inspect':
        this.#tell({
          type: 'inspection',
          n: message.n,
          found: inspectAt(message.code, message.cursor, this.#names.sights),
        });
        return;
      case 'look':
        this.#look(message);
        return;
      case 'library':
        this.#libraries.get(message.name)?.resolve(message.module);
        this.#libraries.delete(message.name);
        return;
    }
  }

  #look({ n, question }: Extract<ToKernel, { type: 'look' }>): void {
    if (question.type === 'forget') {
      this.#forgets.push({ n, name: question.name });
      if (this.#running === null) this.#forget();
      return;
    }
    const answer = answerLook(question, this.#names);
    this.#host.link.post({ type: 'seen', n, answer });
  }

  #forget(): void {
    for (const { n, name } of this.#forgets.splice(0)) {
      this.#names.namespace.forget(name);
      this.#host.link.post({ type: 'seen', n, answer: { type: 'forgotten' } });
    }
  }

  async #run(run: CellRun): Promise<void> {
    const { runId } = run;
    const interrupts = new Interrupts();
    const outputs = new RunOutputs(runId, {
      post: (event) => {
        this.#tell(event);
      },
      flush: () => {
        this.#host.link.flush();
      },
      now: () => this.#host.clock.now(),
    });
    this.#remember(outputs);
    this.#running = { runId, interrupts, outputs };
    this.#context.enter(outputs);
    this.#ear.begin(runId);
    if (run.cellNumber > 0) this.#count++;
    this.#tell({ type: 'cell-started', runId, executionCount: this.#count });
    // Before a cell that may never end its turn: the page must know what runs.
    this.#host.link.flush();
    const ended = await this.#runner.run(run.source, {
      url: CellUrl.create({ number: run.cellNumber, id: run.cellId }),
      count: this.#count,
      outputs,
      interrupts,
      onTargets: (targets) => {
        this.#tellTargets();
        this.#tell({ type: 'cell-targets', runId, targets });
      },
      onReplaceSource: (source) => {
        this.#tell({ type: 'replace-source', runId, source });
      },
    });
    this.#running = null;
    this.#ear.end();
    this.#forget();
    // What an abandoned run still says is nobody's; what timers of a finished one say is shown in its cell.
    if (interrupts.asked) outputs.close();
    this.#tellTargets();
    this.#tell({ type: 'cell-finished', runId, ...ended });
  }

  #remember(outputs: RunOutputs): void {
    this.#outputs.set(outputs.runId, outputs);
    const oldest = this.#outputs.keys().next();
    if (this.#outputs.size > MOST_RUNS && oldest.done === false) this.#outputs.delete(oldest.value);
  }

  /** Code changes them in many ways (`%pxconfig`, `rc.activate`, an attribute of the view), so they are compared. */
  #tellTargets(): void {
    const targets = this.#names.pxTargets();
    const text = String(targets);
    if (text === this.#toldTargets) return;
    this.#toldTargets = text;
    this.#tell({ type: 'px-targets', targets });
  }

  #needLibrary(name: string): Promise<LibraryAnswer> {
    const known = this.#libraries.get(name);
    if (known) return known.promise;
    const answer = deferred<LibraryAnswer>();
    this.#libraries.set(name, answer);
    this.#host.link.post({ type: 'need-library', name });
    return answer.promise;
  }

  #tell(event: KernelEvent): void {
    this.#host.link.post({ type: 'kernel', event });
  }
}
