import { positionAt } from '../../lang/positions.ts';
import type { CompiledCode } from '../../protocol/code.ts';

/** Code that is to be measured. */
export interface TimedCode {
  readonly code: CompiledCode;
  /** Running `code` gives a function to be called again and again; else `code` itself is run again and again. */
  readonly isFactory: boolean;
}

/**
 * The code of `%timeit`. Names that it declares are its own, as in IPython: they do not stay, and are as fast
 * as names in a function are. Code without declarations is left as it is, so that its value is kept.
 */
export function timedCode(source: string, compile: (source: string) => CompiledCode): TimedCode {
  const plain = compile(source);
  if (plain.defines.length === 0) return { code: plain, isFactory: false };
  try {
    return { code: asFunction(source, plain.isAsync, compile), isFactory: true };
  } catch {
    // What works in cells alone (an import); its names stay.
    return { code: plain, isFactory: false };
  }
}

function asFunction(
  source: string,
  isAsync: boolean,
  compile: (source: string) => CompiledCode,
): CompiledCode {
  const start = source.search(/\S/);
  const head = isAsync ? '(async () => {' : '(() => {';
  const code = compile(`${source.slice(0, start)}${head}${source.slice(start)}\n})`);
  const { line, column } = positionAt(source, start);
  return { ...code, shifts: [...(code.shifts ?? []), [[line, column, -head.length]]] };
}
