import type { Clock, Timers } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Client } from '../client/client.ts';
import type { ClientHub } from '../client/client-hub.ts';
import type { ClientEnvironment } from '../client/environment.ts';
import type { DirectView } from '../client/views/direct-view.ts';
import { compileCell } from '../lang/compile-cell.ts';
import { freeNames } from '../lang/free-names.ts';
import type { RunId } from '../protocol/ids.ts';
import type { AsyncContext } from '../realm/async-context.ts';
import type { Evaluator } from '../realm/evaluator.ts';
import { compileWithMagics } from '../realm/magics/compile-with-magics.ts';
import type { Namespace } from '../realm/namespace.ts';
import { createReviver } from '../realm/reviver.ts';
import { runCompiled } from '../realm/run.ts';
import type { PxCluster } from './magics/px.ts';
import type { KernelBlocker } from './blocker.ts';
import type { Outputs, RunOutputs } from './run-outputs.ts';

/** What clients need of their kernel. */
export interface WorldHost {
  readonly evaluator: Evaluator;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly blocker: KernelBlocker;
  /** The text at an address; rejects with an error that says why not. Default: there is no web here. */
  readonly fetchText?: (url: string) => Promise<string>;
  currentRun(): RunId | null;
  /** Which cell has started the code that runs: where its outputs go. */
  readonly context: AsyncContext<RunOutputs>;
  /** Where those go that are made now. */
  outputsNow(): Outputs | null;
  /** Where those of that run go, or went; null when it is forgotten. */
  outputsOf(runId: RunId): RunOutputs | null;
}

interface WorldParts extends Pick<ClientEnvironment, 'display' | 'activate' | 'clusterSize'> {
  readonly hub: ClientHub;
  readonly namespace: Namespace;
  readonly readSource: (name: string) => string | Promise<string>;
}

/** The world of the clients of one cluster, in this kernel. */
export function clientWorld(
  host: WorldHost,
  { hub, namespace, readSource, ...parts }: WorldParts,
): ClientEnvironment {
  const { evaluator, clock, timers, random } = host;
  return {
    ...parts,
    hub,
    clock,
    timers,
    random,
    compile: (source, url) => compileWithMagics(source, { url }),
    evaluate: (expression) => namespace.get(expression),
    reviver: createReviver(evaluator, new Map()),
    currentRun: () => host.currentRun(),
    show: (output) => host.outputsNow()?.add(output),
    showLate: (runId, output) => {
      const outputs = runId === null ? null : host.outputsOf(runId);
      (outputs ?? host.outputsNow())?.add(output);
    },
    bind: (callback) => host.context.bind(callback),
    readFile: (name) => (isAddress(name) ? (host.fetchText ?? noWeb)(name) : readSource(name)),
    runHere: async (code) => {
      await runCompiled(evaluator, compileCell(code, { url: 'import' }));
    },
    freeNames,
    get blocker() {
      return host.blocker.isAvailable ? host.blocker : undefined;
    },
  };
}

/** What the magics of a view (`%px`, `%autopx` …) need of its cluster. */
export function pxClusterOf(view: object, { clock, timers }: WorldHost): PxCluster {
  const direct = view as DirectView;
  const rc = direct.client as unknown as Pick<Client, 'view' | 'sendSignal' | 'engines'>;
  return {
    view: direct,
    clock,
    timers,
    select: (targets) => rc.view(targets),
    languageOf: (engine) => rc.engines.find(({ id }) => id === engine)?.language ?? 'javascript',
    signal: (signal, engines) => rc.sendSignal(signal, { targets: [...engines] }),
  };
}

/** Of the web; everything else is a file. */
function isAddress(name: string): boolean {
  return /^https?:\/\//i.test(name);
}

function noWeb(): Promise<never> {
  return Promise.reject(new Error('addresses cannot be read here'));
}
