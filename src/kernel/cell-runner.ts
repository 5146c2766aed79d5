import { AsyncResult } from '../client/async-result/async-result.ts';
import { CompositeError } from '../client/composite-error.ts';
import { AlreadyDisplayedError } from '../client/errors.ts';
import { CellSyntaxError } from '../lang/cell-syntax-error.ts';
import { compileCell } from '../lang/compile-cell.ts';
import { locateFunctionsBy } from '../protocol/canned.ts';
import type { WireError } from '../protocol/errors.ts';
import type { EngineId } from '../protocol/ids.ts';
import type { Output } from '../protocol/outputs.ts';
import { installStacks } from '../realm/error-stacks.ts';
import { FunctionPlaces } from '../realm/function-places.ts';
import { bundleOf, isEmptyBundle } from '../realm/mime.ts';
import { PositionMap } from '../realm/position-map.ts';
import { UsageError } from '../realm/magics/flags.ts';
import { loadCompiled, type CellValue } from '../realm/run.ts';
import { toWireError } from '../realm/wire-error.ts';
import { showAsyncResult } from './async-result-display.ts';
import { planAutopx, planCell } from './cell-plan.ts';
import type { Interrupts } from './interrupts.ts';
import type { KernelNames } from './names.ts';
import type { RunContext, Step } from './run-context.ts';
import type { RunOutputs } from './run-outputs.ts';

export interface RunOptions {
  readonly url: string;
  /** The n of `Out[n]`. */
  readonly count: number;
  readonly outputs: RunOutputs;
  readonly interrupts: Interrupts;
  readonly onTargets: (engines: readonly EngineId[] | null) => void;
  /** %load. */
  readonly onReplaceSource: (source: string) => void;
}

export interface RunEnd {
  readonly status: 'ok' | 'error';
  /** When the cell did not parse. */
  readonly syntaxError?: WireError;
}

/** Runs cells: plan, then step by step; whatever is thrown becomes an output. Never throws. */
export class CellRunner {
  readonly #names: KernelNames;
  /** Tracebacks show the columns typed. */
  readonly #positions = new PositionMap();
  /** Where functions that travel to engines were written: their tracebacks name cell and line too. */
  readonly #places = new FunctionPlaces();
  /** Texts of files that did not parse: which file it was. */
  readonly #fileErrors = new WeakMap<CellSyntaxError, string>();
  /** What the last cell that failed has thrown, for %debug. */
  #lastError: { readonly error: unknown } | undefined;

  constructor(names: KernelNames) {
    this.#names = names;
    locateFunctionsBy(this.#places.locate);
    installStacks(names.evaluator.globals, this.#positions.map);
  }

  async run(source: string, options: RunOptions): Promise<RunEnd> {
    const context = this.#context(options);
    this.#places.remember(options.url, source);
    try {
      const steps = await this.#plan(source, context, options);
      await this.#runSteps(steps, context);
      await options.interrupts.race(this.#names.settled());
      const failures = [...this.#names.takeFailures()];
      if (failures.length === 0) return { status: 'ok' };
      const last = failures.pop();
      for (const failure of failures) context.showError(failure);
      return this.#fail(last, options);
    } catch (error) {
      // What failed unseen is this cell's too, and not the next one's.
      for (const failure of this.#names.takeFailures()) context.showError(failure);
      return this.#fail(error, options);
    }
  }

  /** An error that no cell waited for. */
  strayOutput(error: unknown): Output {
    const { traceback } = this.#wire(error);
    return { type: 'stream', lane: null, name: 'stderr', text: `Uncaught ${traceback.join('\n')}\n` };
  }

  async #plan(source: string, context: RunContext, options: RunOptions): Promise<readonly Step[]> {
    const { magics, autopx } = this.#names;
    options.onTargets(null);
    const steps =
      autopx.current === null
        ? planCell(source, magics, context)
        : planAutopx(source, autopx.current, magics, context);
    await context.loadLibraries();
    return steps;
  }

  async #runSteps(steps: readonly Step[], context: RunContext): Promise<void> {
    const { value } = await runAll(steps);
    if (value !== undefined) await context.show(value);
  }

  #context(options: RunOptions): RunContext {
    const { namespace, evaluator, magics, runMagic } = this.#names;
    const { outputs, interrupts, count } = options;
    /** Free names of the code prepared: what of the big libraries it needs. */
    const used = new Set<string>();
    const at = (url: string): RunContext => ({
      url,
      outputs,
      interrupts,
      compile: (source) => {
        const code = compileCell(source, { url });
        this.#positions.remember(url, code);
        for (const name of code.uses) used.add(name);
        return code;
      },
      remember: (code) => {
        this.#positions.remember(url, code);
      },
      load: (code) => loadCompiled(evaluator, code),
      prepare: (source, other = url) => {
        const steps = other === url ? planCell(source, magics, at(url)) : this.#planFile(source, at(other));
        return () => runAll(steps);
      },
      runMagic,
      evaluate: (expression) => namespace.get(expression),
      bind: (name, value) => {
        namespace.set(name, value);
      },
      showError: (error) => {
        outputs.add(this.#errorOutput(error, url));
      },
      loadLibraries: () => interrupts.race(this.#names.loadLibraries(used)),
      show: (value) => this.#show(value, `result-${options.url}-${String(count)}`, options),
      display: (bundle) => this.#names.newDisplay(bundle, outputs),
      targets: options.onTargets,
      replaceSource: options.onReplaceSource,
      lastError: () => this.#lastError,
    });
    return at(options.url);
  }

  /** A mistake in the text of a file is the file's, not the cell's. */
  #planFile(source: string, context: RunContext): readonly Step[] {
    this.#places.remember(context.url, source);
    try {
      return planCell(source, this.#names.magics, context);
    } catch (error) {
      if (error instanceof CellSyntaxError) this.#fileErrors.set(error, context.url);
      throw error;
    }
  }

  #fail(error: unknown, { url, outputs }: RunOptions): RunEnd {
    if (!(error instanceof UsageError)) {
      this.#lastError = { error: error instanceof AlreadyDisplayedError ? error.original : error };
    }
    outputs.add(this.#errorOutput(error, url));
    const isSyntax = error instanceof CellSyntaxError && !this.#fileErrors.has(error);
    return isSyntax ? { status: 'error', syntaxError: this.#wire(error, url) } : { status: 'error' };
  }

  async #show(value: unknown, displayId: string, { count, outputs }: RunOptions): Promise<void> {
    if (value instanceof AsyncResult) {
      showAsyncResult(value as AsyncResult, displayId, outputs);
      return;
    }
    const bundle = await bundleOf(value, this.#names.shelf);
    // A display's own handle: the display is there already.
    if (isEmptyBundle(bundle)) return;
    outputs.add({ type: 'result', lane: null, bundle, executionCount: count });
  }

  #errorOutput(error: unknown, url: string): Output {
    if (error instanceof CompositeError) return compositeOutput(error);
    const file = error instanceof CellSyntaxError ? this.#fileErrors.get(error) : undefined;
    return { type: 'error', lane: null, error: this.#wire(error, file ?? url) };
  }

  #wire(error: unknown, url?: string): WireError {
    return toWireError(error, {
      engineInfo: null,
      mapPosition: this.#positions.map,
      ...(url === undefined ? {} : { url }),
    });
  }
}

/** The last one's result. */
async function runAll(steps: readonly Step[]): Promise<CellValue> {
  let result: CellValue = {};
  for (const step of steps) result = await step();
  return result;
}

function compositeOutput(error: CompositeError): Output {
  return {
    type: 'composite-error',
    lane: null,
    message: error.msg,
    errors: error.wireErrors,
    tbLimit: CompositeError.tbLimit,
  };
}
