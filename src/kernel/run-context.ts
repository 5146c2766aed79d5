import type { CompiledCode } from '../protocol/code.ts';
import type { EngineId } from '../protocol/ids.ts';
import type { MimeBundle } from '../protocol/outputs.ts';
import type { RunMagic } from '../realm/magics/run-magic.ts';
import type { CellValue } from '../realm/run.ts';
import type { Interrupts } from './interrupts.ts';
import type { RunOutputs } from './run-outputs.ts';

/** One thing that a cell does, checked and ready. Its value is what the cell shows if it is the last thing in it,
 * and what `x = %magic` assigns. */
export type Step = () => Promise<CellValue>;

/** What the parts of one cell's run share. */
export interface RunContext {
  /** The cell's `sourceURL`. */
  readonly url: string;
  readonly outputs: RunOutputs;
  readonly interrupts: Interrupts;
  /** Throws CellSyntaxError. Lines before the code are padded, so that line numbers are the cell's. */
  compile(source: string): CompiledCode;
  /** Notes how positions in code that was changed after `compile` lead back to the cell. */
  remember(code: CompiledCode): void;
  /** Makes compiled code ready to run here, in the kernel's namespace, once or again and again; in the turn in which
   * it is called. */
  load(code: CompiledCode): () => CellValue | Promise<CellValue>;
  /** Code with the kernel's magics in it, checked; `%time`'s body. `url` where it is not this cell's. */
  prepare(source: string, url?: string): Step;
  /** `%time` and its like, here. */
  readonly runMagic: RunMagic;
  /** The value of an expression in the kernel's namespace. */
  evaluate(expression: string): unknown;
  /** Binds a name in the kernel's namespace. */
  bind(name: string, value: unknown): void;
  /** Shows an error where the cell stands, and lets it go on. */
  showError(error: unknown): void;
  /** Loads what of the big libraries prepared code needs. */
  loadLibraries(): Promise<void>;
  /** Shows a value as the result of the cell. */
  show(value: unknown): Promise<void>;
  /** A display that can be changed later. */
  display(bundle: MimeBundle): { update(bundle: MimeBundle): void };
  /** Tells the page which engines the cell runs on. */
  targets(engines: readonly EngineId[]): void;
  /** Asks the page to put another text into the cell. */
  replaceSource(source: string): void;
  /** What the last cell that failed has thrown; undefined before the first. */
  lastError(): { readonly error: unknown } | undefined;
}

/** Prints on the kernel's own lane. */
export function say(context: RunContext, text: string, name: 'stdout' | 'stderr' = 'stdout'): void {
  context.outputs.add({ type: 'stream', lane: null, name, text });
}
