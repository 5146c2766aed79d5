import type { Clock, Timers } from '../../base/clock.ts';
import type { AsyncResult } from '../../client/async-result/async-result.ts';
import type { DirectView } from '../../client/views/direct-view.ts';
import { padTo } from '../../lang/positions.ts';
import type { Language } from '../../protocol/client-messages.ts';
import type { EngineId } from '../../protocol/ids.ts';
import type { PxTargets } from '../../protocol/kernel-messages.ts';
import { compileWithMagics } from '../../realm/magics/compile-with-magics.ts';
import { UsageError } from '../../realm/magics/flags.ts';
import { signOf, type MagicCall } from '../../realm/magics/magic-call.ts';
import type { CellValue } from '../../realm/run.ts';
import { say, type RunContext, type Step } from '../run-context.ts';
import type { Autopx, AutopxView } from './autopx.ts';
import { expandLine } from './expand.ts';
import { NO_FLAGS, type Magic, type MagicRegistry } from './magic.ts';
import {
  EXECUTE_FLAGS,
  OUTPUT_FLAGS,
  parsePx,
  parsePxConfig,
  parsePxResult,
  PX_FLAGS,
  type ExecuteFlags,
  type OutputFlags,
  type Signal,
} from './px-flags.ts';
import { collectOutputs, followOutputs, type PxRun } from './px-run.ts';
import { parseTargets, targetsText, type Targets } from './targets.ts';

/** What the magics of one view need of the client behind it. */
export interface PxCluster {
  /** The view that magics without `--targets` use. Its `block` and `targets` are the defaults. */
  readonly view: DirectView;
  readonly clock: Clock;
  readonly timers: Timers;
  /** As `rc[…]`: positions and slices of the engines there are. */
  select(targets: Targets): DirectView;
  languageOf(engine: EngineId): Language;
  signal(signal: Signal, engines: readonly EngineId[]): Promise<void>;
}

/** Defaults that `%pxconfig` changes and no view holds. */
interface Defaults {
  verbose: boolean;
  stream: boolean;
  progressAfter: number;
  signal: Signal;
}

/**
 * `%px`, `%%px`, `%autopx`, `%pxresult` (`%result`), `%pxconfig` for one view (features §14). With a suffix they
 * are those of another view: `rc.activate(targets, '0')` makes `%px0`.
 */
export class PxMagics implements AutopxView {
  readonly #cluster: PxCluster;
  readonly #suffix: string;
  readonly #autopx: Autopx;
  readonly #defaults: Defaults = { verbose: false, stream: true, progressAfter: 2, signal: 'SIGINT' };
  /** What `%pxresult` shows; null before the first. */
  #last: AsyncResult | null = null;

  constructor(cluster: PxCluster, suffix: string, autopx: Autopx) {
    this.#cluster = cluster;
    this.#suffix = suffix;
    this.#autopx = autopx;
  }

  register(registry: MagicRegistry): void {
    const of = this.#suffix === '' ? '' : ` (engines ${this.targets})`;
    const result = {
      forms: 'line',
      usage: '[flags]',
      help: `show what the last %px said, again${of}`,
      flags: OUTPUT_FLAGS,
      prepare: (call, context) => this.#prepareResult(call, context),
    } satisfies Magic;
    const magics: Record<string, Magic> = {
      px: {
        forms: 'both',
        usage: '[flags] code; %%px [flags] over lines of code',
        help: `run code on engines${of}`,
        flags: PX_FLAGS,
        engines: (line) => this.#enginesFor(line),
        prepare: (call, context) => this.#preparePx(call, context),
      },
      autopx: {
        forms: 'line',
        usage: '',
        help: `run all cells on engines from now on, until you write it again${of}`,
        flags: NO_FLAGS,
        prepare: (call, context) => this.#prepareAutopx(call, context),
      },
      pxresult: result,
      result,
      pxconfig: {
        forms: 'line',
        usage: '[flags]',
        help: `set what %px does from now on${of}`,
        flags: EXECUTE_FLAGS,
        prepare: (call, context) => this.#prepareConfig(call, context),
      },
    };
    for (const [name, magic] of Object.entries(magics)) registry.register(`${name}${this.#suffix}`, magic);
  }

  /** For the banner of %autopx: `all`, `1`, `[0, 2]`. */
  get targets(): string {
    return targetsText(this.#cluster.view.targets ?? 'all');
  }

  /** Where `%px` goes when nobody says where. */
  get aim(): PxTargets {
    const { targets } = this.#cluster.view;
    if (targets === null || targets === 'all') return 'all';
    return typeof targets === 'number' ? [targets] : [...targets];
  }

  /** Where cells go now. */
  get engines(): readonly EngineId[] {
    return this.#enginesOf(undefined);
  }

  #enginesFor(line: string): readonly EngineId[] {
    const given = /(?:^|\s)(?:--targets|-t)(?:=|\s+|(?=-?\d))(\[[^\]]*\]|\S+)/.exec(line)?.[1];
    return this.#enginesOf(given);
  }

  /** Targets as typed; none that can be read: those of the view. */
  #enginesOf(given: string | undefined): readonly EngineId[] {
    const { view } = this.#cluster;
    try {
      const chosen =
        given === undefined ? view.targets : this.#cluster.select(parseTargets('%px', given)).targets;
      if (typeof chosen === 'number') return [chosen];
      return chosen === null || chosen === 'all' ? this.#enginesOf(':') : chosen;
    } catch {
      return given === undefined || given === ':' ? [] : this.#enginesOf(undefined);
    }
  }

  /** Code under %autopx: like `%%px` with the view's own flags. */
  prepareCell(source: string, context: RunContext): Step {
    if (this.#languageOf(undefined) === 'javascript') compileWithMagics(source, context);
    const { execute, output } = parsePx('%%px', '', false);
    return () => this.#run(source, execute, output, null, context);
  }

  // %px

  #preparePx(call: MagicCall, context: RunContext): Step {
    const magic = signOf(call);
    // The line of flags is expanded, code never is.
    const line = call.isCell ? expandLine(magic, call.rest, (text) => context.evaluate(text)) : call.rest;
    const px = parsePx(magic, line, !call.isCell);
    const code = call.isCell ? call.body : px.code;
    if (code.trim() === '') throw withoutCode(call);
    const language = this.#languageOf(px.execute.targets);
    // Where a line of Python begins means something.
    const source =
      call.isCell || language === 'python'
        ? padTo(code, call.isCell ? call.bodyLine : call.line)
        : padTo(code, call.line, call.column + px.codeColumn);
    // Read here once, so that a mistake shows before anything of the cell runs.
    if (language === 'javascript') compileWithMagics(source, context);
    else if (px.execute.local) throw new UsageError(PYTHON_IS_REMOTE);
    const local = px.execute.local ? context.prepare(source) : null;
    return () => this.#run(source, px.execute, px.output, local, context);
  }

  /** What the engines run that code goes to. @throws UsageError when they do not run the same. */
  #languageOf(targets: Targets | undefined): Language {
    const ids = this.#enginesOf(typeof targets === 'object' ? `[${targets.join(',')}]` : targets?.toString());
    const languages = new Set(ids.map((id) => this.#cluster.languageOf(id)));
    if (languages.size > 1) throw new UsageError(TWO_LANGUAGES);
    return languages.has('python') ? 'python' : 'javascript';
  }

  async #run(
    source: string,
    execute: ExecuteFlags,
    output: OutputFlags,
    local: Step | null,
    context: RunContext,
  ): Promise<CellValue> {
    const view = execute.targets === undefined ? this.#cluster.view : this.#cluster.select(execute.targets);
    const block = execute.block ?? this.#cluster.view.block;
    if (execute.verbose ?? this.#defaults.verbose) {
      const how = block ? 'Parallel' : 'Async parallel';
      say(context, `${how} execution on engine(s): ${targetsText(view.targets ?? 'all')}\n`);
    }
    const ar = this.#submit(source, view, execute.init, context);
    if (output.out !== undefined) context.bind(output.out, ar);
    if (!block) {
      await local?.();
      return { value: ar };
    }
    const run = this.#blockingRun(ar, execute, context);
    // Grouping is for what is shown at the end: asking for it is asking for that.
    const stream = execute.stream ?? (output.groupBy === undefined && this.#defaults.stream);
    if (stream) await followOutputs(run, local);
    else await collectOutputs(run, local, output.groupBy ?? 'type');
    return {};
  }

  #submit(source: string, view: DirectView, init: boolean, context: RunContext): AsyncResult {
    const ar = view.execute(source, { silent: false, url: context.url, block: false, init }) as AsyncResult;
    this.#last = ar;
    context.targets(enginesOf(ar));
    return ar;
  }

  #blockingRun(ar: AsyncResult, execute: ExecuteFlags, context: RunContext): PxRun {
    const { timers } = this.#cluster;
    const signal = execute.signal ?? this.#defaults.signal;
    return {
      ar,
      context,
      timers,
      progressAfter: execute.progressAfter ?? this.#defaults.progressAfter,
      signal,
      interrupt: () => this.#cluster.signal(signal, enginesOf(ar)),
    };
  }

  // The others

  #prepareAutopx(call: MagicCall, context: RunContext): Step {
    if (call.rest.trim() !== '')
      throw new UsageError(`%${call.name} takes nothing behind it. Nothing was run.`);
    return () => {
      const isOn = this.#autopx.toggle(this);
      say(context, `%${call.name} ${isOn ? 'enabled' : 'disabled'}\n`);
      return Promise.resolve({});
    };
  }

  #prepareResult(call: MagicCall, context: RunContext): Step {
    const flags = readWhenKnown(call, context, parsePxResult);
    return async () => {
      const { out, groupBy } = flags();
      const ar = this.#last;
      if (ar === null) {
        throw new UsageError(`%${call.name}: there is no result yet. Run something with %px first.`);
      }
      if (out !== undefined) {
        context.bind(out, ar);
        return {};
      }
      await context.interrupts.race(ar.wait());
      for (const output of ar.collectOutputs(groupBy ?? 'type')) context.outputs.add(output);
      await ar.get();
      return {};
    };
  }

  #prepareConfig(call: MagicCall, context: RunContext): Step {
    const flags = readWhenKnown(call, context, parsePxConfig);
    return () => {
      this.#configure(flags());
      return Promise.resolve({});
    };
  }

  #configure(flags: ExecuteFlags): void {
    const { view } = this.#cluster;
    if (flags.targets !== undefined) view.targets = this.#cluster.select(flags.targets).targets;
    if (flags.block !== undefined) view.block = flags.block;
    const defaults = this.#defaults;
    defaults.verbose = flags.verbose ?? defaults.verbose;
    defaults.stream = flags.stream ?? defaults.stream;
    defaults.progressAfter = flags.progressAfter ?? defaults.progressAfter;
    defaults.signal = flags.signal ?? defaults.signal;
  }
}

const TWO_LANGUAGES =
  'These engines run JavaScript and Python. Say for which the code is: --targets javascript or --targets python ' +
  '(%pxconfig --targets makes it the default). Nothing was run.';

const PYTHON_IS_REMOTE = 'Python code runs on engines only: leave --local out. Nothing was run.';

function enginesOf(ar: AsyncResult): readonly EngineId[] {
  return ar.jobs.flatMap((job) => job.facts.target ?? []);
}

function withoutCode(call: MagicCall): UsageError {
  const magic = signOf(call);
  return new UsageError(
    call.isCell
      ? `${magic}: there is no code under it. Nothing was run.`
      : `${magic}: there is no code behind it. Write \`${magic} code\`, or \`%${magic}\` with code on the lines below.`,
  );
}

/** Flags are read before anything runs, unless `{name}` in them needs what runs before. */
function readWhenKnown<Flags>(
  call: MagicCall,
  context: RunContext,
  read: (magic: string, line: string) => Flags,
): () => Flags {
  const magic = signOf(call);
  if (call.rest.includes('{')) {
    return () =>
      read(
        magic,
        expandLine(magic, call.rest, (text) => context.evaluate(text)),
      );
  }
  const flags = read(magic, call.rest);
  return () => flags;
}
