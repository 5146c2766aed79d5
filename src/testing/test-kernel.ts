import { systemClock, systemTimers, type Clock } from '../base/clock.ts';
import { deferred, type Deferred } from '../base/deferred.ts';
import { seededRandom } from '../base/random.ts';
import { startKernel } from '../kernel/kernel.ts';
import type { CellId, RunId } from '../protocol/ids.ts';
import type { FromKernel, KernelEvent, ToKernel } from '../protocol/kernel-messages.ts';
import type { Link } from '../protocol/link.ts';
import type { Output } from '../protocol/outputs.ts';
import type { ClusterSource } from '../runtime/client-lines.ts';
import { KernelSupervisor } from '../runtime/kernel-supervisor.ts';
import { testSchemes } from './test-schemes.ts';
import type { WorkspaceFile } from '../protocol/file-messages.ts';
import type { FilesHost } from '../realm/files/files-host.ts';
import { linkPair } from './in-process-link.ts';
import { controllerOfTestEngines } from './test-cluster.ts';
import { vmEvaluator } from './vm-evaluator.ts';

export interface CellOutcome {
  readonly status: 'ok' | 'error' | 'lost';
  readonly outputs: readonly Output[];
  /** Everything printed, shown and raised, as text with lane labels, in order of arrival. */
  readonly text: string;
}

/** A kernel with a real cluster of four engines behind it, in one thread. */
export interface TestKernel {
  /** Runs a cell; the nth call is cell n. */
  run(source: string): Promise<CellOutcome>;
  interrupt(): void;
  /** Asks for completions, or what a name is; `|` in the text is the cursor. */
  complete(text: string): Promise<Answer<'completions'>>;
  inspect(text: string): Promise<Answer<'inspection'>>;
  /** All events, in order. */
  readonly events: readonly KernelEvent[];
  close(): void;
}

export type Answer<T extends KernelEvent['type']> = Extract<KernelEvent, { readonly type: T }>;

export interface TestKernelOptions {
  /** How many engines. Default 4. */
  readonly n?: number;
  /** Of the kernel alone. */
  readonly clock?: Clock;
  /** Texts by name. Default: there are no files. */
  readonly files?: Readonly<Record<string, string>>;
  /** Default: there are no clusters to join. */
  readonly joinCluster?: ClusterSource['joinCluster'];
}

const open = new Set<TestKernel>();

export async function testKernel({
  n = 4,
  clock = systemClock,
  files,
  joinCluster = joinNone,
}: TestKernelOptions = {}): Promise<TestKernel> {
  const controller = controllerOfTestEngines();
  const events: KernelEvent[] = [];
  let toKernel: Link<FromKernel, ToKernel> | null = null;
  const questions = new Map<number, Deferred<KernelEvent>>();
  let running: {
    readonly runId: RunId;
    readonly done: Deferred<CellOutcome>;
    readonly outputs: Output[];
  } | null = null;
  const supervisor = new KernelSupervisor({
    launch: () => {
      const [ours, theirs] = linkPair<FromKernel, ToKernel>();
      toKernel = ours;
      startKernel({
        link: theirs,
        evaluator: vmEvaluator(),
        clock,
        timers: systemTimers,
        random: seededRandom(2),
        importText: () => Promise.reject(new Error('modules cannot be imported in this test')),
        importUrl: () => Promise.reject(new Error('modules cannot be imported in this test')),
        ...(files === undefined ? {} : { files: filesOf(files) }),
      });
      return ours;
    },
    timers: systemTimers,
    grace: 30,
    onEvent: (event) => {
      events.push(event);
      if (event.type === 'completions' || event.type === 'inspection') questions.get(event.n)?.resolve(event);
      if (event.type === 'output') running?.outputs.push(event.output);
      if (event.type === 'cell-finished' && event.runId === running?.runId) {
        const { done, outputs } = running;
        done.resolve({ status: event.status, outputs, text: outputs.map(outputText).join('') });
      }
    },
    onStatus: () => undefined,
    onSeen: () => undefined,
    onKilled: () => undefined,
    onBusy: () => undefined,
    attachClient: (link) => {
      controller.attachClient(link);
    },
    interpretScheme: (source) => testSchemes.interpret(source),
    openCluster: (options, _clusterId, link) => {
      const other = controllerOfTestEngines(options);
      other.attachClient(link);
      return () => {
        other.validate();
        other.close();
      };
    },
    joinCluster,
    readLibrary: () => Promise.resolve({ ok: false, reason: 'this test has no libraries' }),
  });
  const ready = controller.startEngines(n);
  await supervisor.start();
  await ready;
  let cells = 0;
  const ask = (type: 'complete' | 'inspect', text: string): Promise<KernelEvent> => {
    const answer = deferred<KernelEvent>();
    const n = questions.size;
    questions.set(n, answer);
    toKernel?.post({ type, n, code: text.replace('|', ''), cursor: text.indexOf('|') });
    return answer.promise;
  };
  const kernel: TestKernel = {
    events,
    run: (source) => {
      cells++;
      const runId = `run-${String(cells)}` as RunId;
      const done = deferred<CellOutcome>();
      running = { runId, done, outputs: [] };
      supervisor.run({ runId, cellId: `c${String(cells)}` as CellId, cellNumber: cells, source });
      return done.promise;
    },
    interrupt: () => {
      supervisor.interrupt();
    },
    complete: async (text) => (await ask('complete', text)) as Answer<'completions'>,
    inspect: async (text) => (await ask('inspect', text)) as Answer<'inspection'>,
    close: () => {
      open.delete(kernel);
      controller.validate();
      controller.close();
    },
  };
  open.add(kernel);
  return kernel;
}

/** For kernels without clusters to join. */
export const joinNone: ClusterSource['joinCluster'] = (_asked, _link, told) => {
  told.lost('There are no clusters to join in this test.');
  return () => undefined;
};

function filesOf(texts: Readonly<Record<string, string>>): FilesHost {
  let files: readonly WorkspaceFile[] = Object.entries(texts).map(([name, text]) => ({
    name,
    blob: new Blob([text]),
    modified: 0,
  }));
  return {
    list: () => files,
    change: (change) => {
      const others = files.filter(({ name }) => name !== change.name);
      files = change.type === 'remove' ? others : [...others, { ...change, modified: 0 }];
      return Promise.resolve();
    },
    readSync: null,
  };
}

/** For `afterEach`. */
export function closeKernels(): void {
  for (const kernel of [...open]) kernel.close();
}

export function outputText(output: Output): string {
  const lane = output.lane === null ? '' : String(output.lane);
  switch (output.type) {
    case 'stream':
      return (output.lane === null ? '' : `[${output.name}:${lane}] `) + output.text;
    case 'display':
      return `${String(output.bundle.data['text/plain'])}\n`;
    case 'result': {
      const engine = output.lane === null ? '' : `${lane}:`;
      return `Out[${engine}${String(output.executionCount)}]: ${String(output.bundle.data['text/plain'])}\n`;
    }
    case 'error':
      return `${output.error.traceback.join('\n')}\n`;
    case 'composite-error':
      return `${output.message}\n${output.errors.map((error) => `[${String(error.engineInfo?.engineId)}] ${error.traceback.join('\n')}`).join('\n')}\n`;
  }
}
