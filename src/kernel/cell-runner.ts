import { AsyncResult } from '../client/async-result/async-result.ts';
import { CompositeError } from '../client/composite-error.ts';
import { CellSyntaxError } from '../lang/cell-syntax-error.ts';
import { compileCell } from '../lang/compile-cell.ts';
import { locateFunctionsBy } from '../protocol/canned.ts';
import type { WireError } from '../protocol/errors.ts';
import type { EngineId } from '../protocol/ids.ts';
import type { Output } from '../protocol/outputs.ts';
import { FunctionPlaces } from '../realm/function-places.ts';
import { bundleOf, isEmptyBundle } from '../realm/mime.ts';
import { PositionMap } from '../realm/position-map.ts';
import { runCompiled } from '../realm/run.ts';
import { toWireError } from '../realm/wire-error.ts';
import { showAsyncResult } from './async-result-display.ts';
import { planCell, type Step } from './cell-plan.ts';
import type { Interrupts } from './interrupts.ts';
import type { PxMagics } from './magics/px.ts';
import type { KernelNames } from './names.ts';
import type { RunContext } from './run-context.ts';
import type { RunOutputs } from './run-outputs.ts';

export interface RunOptions {
  readonly url: string;
  /** The n of `Out[n]`. */
  readonly count: number;
  readonly outputs: RunOutputs;
  readonly interrupts: Interrupts;
  readonly onTargets: (engines: readonly EngineId[] | null) => void;
}

export interface RunEnd {
  readonly status: 'ok' | 'error';
  /** When the cell did not parse. */
  readonly syntaxError?: WireError;
}

/** Runs cells: plan, then step by step; whatever is thrown becomes an output. Never throws. */
export class CellRunner {
  readonly #names: KernelNames;
  /** The view that cells go to under %autopx; null when it is off. */
  #autopx: PxMagics | null = null;
  /** Tracebacks show the columns typed. */
  readonly #positions = new PositionMap();
  /** Where functions that travel to engines were written: their tracebacks name cell and line too. */
  readonly #places = new FunctionPlaces();

  constructor(names: KernelNames) {
    this.#names = names;
    locateFunctionsBy(this.#places.locate);
  }

  setAutopx(magics: PxMagics | null): void {
    this.#autopx = magics;
  }

  async run(source: string, options: RunOptions): Promise<RunEnd> {
    const context = this.#context(options);
    this.#places.remember(options.url, source);
    try {
      const steps = await this.#plan(source, context, options);
      await this.#runSteps(steps, context);
      await options.interrupts.race(this.#names.settled());
      for (const failure of this.#names.takeFailures()) throw failure;
      return { status: 'ok' };
    } catch (error) {
      return this.#fail(error, options);
    }
  }

  /** An error that no cell waited for. */
  strayOutput(error: unknown): Output {
    const { traceback } = this.#wire(error);
    return { type: 'stream', lane: null, name: 'stderr', text: `Uncaught ${traceback.join('\n')}\n` };
  }

  async #plan(source: string, context: RunContext, options: RunOptions): Promise<readonly Step[]> {
    const { magics } = this.#names;
    options.onTargets(null);
    // Under %autopx cells go to the engines, except those that talk about parallel work themselves.
    const steps =
      this.#autopx !== null && !source.trimStart().startsWith('%')
        ? [this.#autopx.prepareCell(source, context)]
        : planCell(source, magics, context);
    await this.#loadLibraries(options);
    return steps;
  }

  async #runSteps(steps: readonly Step[], context: RunContext): Promise<void> {
    for (const [i, step] of steps.entries()) {
      const result = await step();
      if (i === steps.length - 1 && result.value !== undefined) await context.show(result.value);
    }
  }

  #context(options: RunOptions): RunContext {
    const { namespace, evaluator } = this.#names;
    const { url, outputs, interrupts, count } = options;
    this.#used = new Set();
    return {
      url,
      outputs,
      interrupts,
      compile: (source) => {
        const code = compileCell(source, { url });
        this.#positions.remember(url, code);
        for (const name of code.uses) this.#used.add(name);
        return code;
      },
      execute: (code) => interrupts.race(Promise.resolve().then(() => runCompiled(evaluator, code))),
      bind: (name, value) => {
        namespace.set(name, value);
      },
      show: (value) => show(value, `result-${url}-${String(count)}`, count, outputs),
      targets: options.onTargets,
    };
  }

  /** Free names of the cell's own code: what of the big libraries it needs. */
  #used = new Set<string>();

  async #loadLibraries({ interrupts }: RunOptions): Promise<void> {
    await interrupts.race(this.#names.loadLibraries(this.#used));
  }

  #fail(error: unknown, { url, outputs }: RunOptions): RunEnd {
    if (error instanceof CompositeError) {
      outputs.add(compositeOutput(error));
      return { status: 'error' };
    }
    const wire = this.#wire(error, url);
    outputs.add({ type: 'error', lane: null, error: wire });
    return error instanceof CellSyntaxError ? { status: 'error', syntaxError: wire } : { status: 'error' };
  }

  #wire(error: unknown, url?: string): WireError {
    return toWireError(error, {
      engineInfo: null,
      mapPosition: this.#positions.map,
      ...(url === undefined ? {} : { url }),
    });
  }
}

function compositeOutput(error: CompositeError): Output {
  return {
    type: 'composite-error',
    lane: null,
    message: error.message,
    errors: error.wireErrors,
    tbLimit: CompositeError.tbLimit,
  };
}

async function show(value: unknown, displayId: string, count: number, outputs: RunOutputs): Promise<void> {
  if (value instanceof AsyncResult) {
    showAsyncResult(value as AsyncResult, displayId, outputs);
    return;
  }
  const bundle = await bundleOf(value);
  // A display's own handle: the display is there already.
  if (isEmptyBundle(bundle)) return;
  outputs.add({ type: 'result', lane: null, bundle, executionCount: count });
}
