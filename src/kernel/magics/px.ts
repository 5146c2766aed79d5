import type { EngineId } from '../../protocol/ids.ts';
import type { AsyncResult } from '../../client/async-result/async-result.ts';
import { outputOfEvent } from '../../client/async-result/display.ts';
import type { Job } from '../../client/job.ts';
import type { DirectView } from '../../client/views/direct-view.ts';
import { placed, type RunContext } from '../run-context.ts';
import { UsageError } from './arguments.ts';
import type { Magic, MagicCall, MagicRegistry, MagicResult } from './magic.ts';
import { parsePx, parsePxConfig, parsePxResult, type ExecuteFlags, type OutputFlags } from './px-flags.ts';
import { targetsText, type Targets } from './targets.ts';

/** What the magics of one view need of the client behind it. */
export interface PxCluster {
  /** The view that magics without `--targets` use. Its `block` and `targets` are the defaults. */
  readonly view: DirectView;
  /** As `rc[…]`: positions and slices of the engines there are. */
  select(targets: Targets): DirectView;
  interrupt(engines: readonly EngineId[]): void;
}

/** Defaults that `%pxconfig` changes and no view holds. */
interface Defaults {
  verbose: boolean;
  stream: boolean;
  signal: string;
}

/** A finished run of code on engines, waiting to be shown or not. */
interface Submitted {
  readonly ar: AsyncResult;
  readonly engines: readonly EngineId[];
}

/**
 * `%px`, `%%px`, `%autopx`, `%pxresult`, `%pxconfig` for one view (features §14). With a suffix they are those
 * of another view: `rc.activate(targets, '0')` makes `%px0`.
 */
export class PxMagics {
  readonly #cluster: PxCluster;
  readonly #suffix: string;
  readonly #defaults: Defaults = { verbose: false, stream: true, signal: 'SIGINT' };
  /** What `%pxresult` shows; null before the first. */
  #last: AsyncResult | null = null;
  readonly #onAutopx: (magics: PxMagics | null) => void;
  #autopx = false;

  constructor(cluster: PxCluster, suffix: string, onAutopx: (magics: PxMagics | null) => void) {
    this.#cluster = cluster;
    this.#suffix = suffix;
    this.#onAutopx = onAutopx;
  }

  register(registry: MagicRegistry): void {
    const magics: Record<string, Magic> = {
      px: (call, context) => this.#preparePx(call, context),
      autopx: (call, context) => this.#prepareAutopx(call, context),
      pxresult: (call, context) => this.#prepareResult(call, context),
      result: (call, context) => this.#prepareResult(call, context),
      pxconfig: (call) => this.#prepareConfig(call),
    };
    for (const [name, magic] of Object.entries(magics)) registry.register(`${name}${this.#suffix}`, magic);
  }

  /** For the banner of %autopx: `all`, `1`, `[0, 2]`. */
  get targets(): string {
    return targetsText(this.#cluster.view.targets ?? 'all');
  }

  /** A whole cell under %autopx: like `%%px` with the view's own flags. */
  prepareCell(source: string, context: RunContext): () => Promise<MagicResult> {
    context.compile(source);
    const execute = parsePx('%%px', '', false).execute;
    return () => this.#run(source, execute, { out: undefined, groupBy: 'type' }, context);
  }

  #preparePx(call: MagicCall, context: RunContext): () => Promise<MagicResult> {
    const magic = `${call.isCell ? '%%' : '%'}${call.name}`;
    const px = parsePx(magic, call.rest, !call.isCell);
    const code = call.isCell ? call.body : px.code;
    if (code.trim() === '') {
      throw new UsageError(
        call.isCell
          ? `${magic}: there is no code under it. Nothing was run.`
          : `${magic}: there is no code behind it. Write \`${magic} code\`, or \`%${magic}\` with code on the lines below.`,
      );
    }
    const source = call.isCell
      ? placed(code, call.bodyLine)
      : placed(code, call.line, call.column + px.codeColumn);
    // Parsed here once so that a mistake shows before anything of the cell runs.
    context.compile(source);
    return () => this.#run(source, px.execute, px.output, context);
  }

  async #run(
    source: string,
    execute: ExecuteFlags,
    output: OutputFlags,
    context: RunContext,
  ): Promise<MagicResult> {
    const view = execute.targets === undefined ? this.#cluster.view : this.#cluster.select(execute.targets);
    const block = execute.block ?? this.#cluster.view.block;
    if (execute.verbose ?? this.#defaults.verbose) {
      const how = block ? 'Parallel' : 'Async parallel';
      say(context, `${how} execution on engine(s): ${targetsText(view.targets ?? 'all')}\n`);
    }
    const submitted = this.#submit(source, view, context);
    if (output.out !== undefined) context.bind(output.out, submitted.ar);
    const here = execute.local ? context.execute(context.compile(source)) : null;
    if (!block) {
      await here;
      return { value: submitted.ar };
    }
    const signal = execute.signal ?? this.#defaults.signal;
    if (execute.stream ?? this.#defaults.stream) await this.#follow(submitted, here, signal, context);
    else await this.#collect(submitted, here, signal, output, context);
    return {};
  }

  #submit(source: string, view: DirectView, context: RunContext): Submitted {
    const ar = view.execute(source, { silent: false, url: context.url, block: false }) as AsyncResult;
    this.#last = ar;
    const engines = ar.jobs.flatMap((job) => job.facts.target ?? []);
    context.targets(engines);
    return { ar, engines };
  }

  /** Shows everything when it happens, in the lane of its engine; then the errors. */
  async #follow(
    submitted: Submitted,
    here: Promise<unknown> | null,
    signal: string,
    context: RunContext,
  ): Promise<void> {
    for (const job of submitted.ar.jobs) followJob(job, context);
    await this.#await(submitted, here, signal, context);
  }

  async #collect(
    submitted: Submitted,
    here: Promise<unknown> | null,
    signal: string,
    output: OutputFlags,
    context: RunContext,
  ): Promise<void> {
    try {
      await this.#await(submitted, here, signal, context);
    } finally {
      for (const shown of submitted.ar.collectOutputs(output.groupBy)) context.outputs.add(shown);
    }
  }

  /**
   * Until all engines have answered. An interrupt goes on to them; each then ends with KeyboardInterrupt, or is
   * terminated by the controller after its grace: either way it answers, so the wait itself is not cut short.
   */
  async #await(
    { ar, engines }: Submitted,
    here: Promise<unknown> | null,
    signal: string,
    context: RunContext,
  ): Promise<void> {
    const forget = context.interrupts.onInterrupt(() => {
      say(context, `Received Keyboard Interrupt. Sending signal ${signal} to engines...\n`, 'stderr');
      this.#cluster.interrupt(engines);
    });
    try {
      await here;
      await ar.get();
    } finally {
      forget();
    }
  }

  #prepareAutopx(call: MagicCall, context: RunContext): () => Promise<MagicResult> {
    if (call.rest.trim() !== '') throw new UsageError(`%${call.name} takes nothing behind it. Nothing was run.`);
    return () => {
      this.#autopx = !this.#autopx;
      this.#onAutopx(this.#autopx ? this : null);
      say(context, `%${call.name} ${this.#autopx ? 'enabled' : 'disabled'}\n`);
      return Promise.resolve({});
    };
  }

  #prepareResult(call: MagicCall, context: RunContext): () => Promise<MagicResult> {
    const flags = parsePxResult(`%${call.name}`, call.rest);
    return async () => {
      const ar = this.#last;
      if (ar === null) {
        throw new UsageError(`%${call.name}: there is no result yet. Run something with %px first.`);
      }
      if (flags.out !== undefined) {
        context.bind(flags.out, ar);
        return {};
      }
      await context.interrupts.race(ar.wait());
      for (const output of ar.collectOutputs(flags.groupBy)) context.outputs.add(output);
      await ar.get();
      return {};
    };
  }

  #prepareConfig(call: MagicCall): () => Promise<MagicResult> {
    const flags = parsePxConfig(`%${call.name}`, call.rest);
    return () => {
      const { view } = this.#cluster;
      if (flags.targets !== undefined) view.targets = this.#cluster.select(flags.targets).targets;
      if (flags.block !== undefined) view.block = flags.block;
      if (flags.verbose !== undefined) this.#defaults.verbose = flags.verbose;
      if (flags.stream !== undefined) this.#defaults.stream = flags.stream;
      if (flags.signal !== undefined) this.#defaults.signal = flags.signal;
      return Promise.resolve({});
    };
  }
}

function followJob(job: Job, context: RunContext): void {
  const lane = job.facts.target;
  const stop = job.onEvent((event) => {
    if (event.type === 'data' || event.type === 'progress') return;
    if (event.type === 'display' && event.update === true) {
      if (event.displayId === undefined) return;
      context.outputs.updateDisplay(event.displayId, event.bundle);
      return;
    }
    const output = outputOfEvent(event, lane);
    if (output !== null) context.outputs.add(output);
  });
  job.onSettled(() => {
    stop();
    const { executeResult: bundle, executionCount } = job;
    if (bundle === null) return;
    context.outputs.add({ type: 'result', lane, bundle, executionCount: executionCount ?? 0 });
  });
}

function say(context: RunContext, text: string, name: 'stdout' | 'stderr' = 'stdout'): void {
  context.outputs.add({ type: 'stream', lane: null, name, text });
}
