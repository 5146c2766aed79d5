import type { CompiledCode } from '../protocol/code.ts';
import type { EngineId } from '../protocol/ids.ts';
import type { Interrupts } from './interrupts.ts';
import type { RunOutputs } from './run-outputs.ts';

/** What the parts of one cell's run share. */
export interface RunContext {
  /** The cell's `sourceURL`. */
  readonly url: string;
  readonly outputs: RunOutputs;
  readonly interrupts: Interrupts;
  /** Throws CellSyntaxError. Lines before the code are padded, so that line numbers are the cell's. */
  compile(source: string): CompiledCode;
  /** Runs compiled code here, in the kernel's namespace; the value is boxed. */
  execute(code: CompiledCode): Promise<{ readonly value?: unknown }>;
  /** Binds a name in the kernel's namespace. */
  bind(name: string, value: unknown): void;
  /** Shows a value as the result of the cell. */
  show(value: unknown): Promise<void>;
  /** Tells the page which engines the cell runs on. */
  targets(engines: readonly EngineId[]): void;
}

/** Code that stands at `line` (from 1) and `column` (from 0) of the cell, moved there by white space. */
export function placed(source: string, line: number, column = 0): string {
  return '\n'.repeat(line - 1) + ' '.repeat(column) + source;
}
