import type { Canned, FunctionPlace } from './canned.ts';

/**
 * Functions that bring variables along are compiled inside a function that has these as its own. All names
 * but theirs must mean what they mean at the top level, so the text around them introduces none.
 */

type Text = Pick<Extract<Canned, { readonly $tutti: 'function' }>, 'source' | 'at'>;

interface Compiler {
  functionFrom(source: string, name: string, at?: FunctionPlace): unknown;
}

/** The class, its variables having these values; those in `selves` are the class itself. */
export function bindNow(
  compiler: Compiler,
  text: Text,
  names: readonly string[],
  values: readonly unknown[],
  selves: readonly string[] = [],
): object {
  const given = `(${names.join(', ')}) => `;
  const make =
    selves.length === 0
      ? compileInside(compiler, text, `${given}(`, ')')
      : compileInside(
          compiler,
          text,
          `${given}{ let ${selves.join(', ')}; return ${selves.join(' = ')} = (`,
          '); }',
        );
  return make(...values) as object;
}

/** The function, and what gives its variables their values. */
export function bindLater(
  compiler: Compiler,
  text: Text,
  names: readonly string[],
): [fn: (...args: unknown[]) => unknown, bind: (values: readonly unknown[]) => void] {
  const list = names.join(', ');
  const head = `() => { let ${list}; return [`;
  const tail = `, function () { [${list}] = arguments[0]; }]; }`;
  let make: Make;
  try {
    make = compileInside(compiler, text, `${head}(`, `)${tail}`);
  } catch (error) {
    // The text of a method is an expression only inside an object.
    make = attempt(() => compileInside(compiler, text, `${head}Object.values({`, `})[0]${tail}`), error);
  }
  return make() as ReturnType<typeof bindLater>;
}

type Make = (...values: unknown[]) => unknown;

/** The text keeps the place that it has in its cell, so that frames name it. */
function compileInside(compiler: Compiler, { source, at }: Text, head: string, tail: string): Make {
  const isBelow = at !== undefined && at.line > 1;
  const text = isBelow ? `${head}\n${' '.repeat(at.column - 1)}${source}` : head + source;
  return compiler.functionFrom(
    `${text}\n${tail}`,
    '',
    at && (isBelow ? above(at) : before(at, head)),
  ) as Make;
}

function above(at: FunctionPlace): FunctionPlace {
  return { ...at, line: at.line - 1, column: 1 };
}

function before(at: FunctionPlace, head: string): FunctionPlace {
  return { ...at, column: Math.max(1, at.column - head.length) };
}

/** Compiling runs nothing of the user's. */
function attempt<T>(compile: () => T, otherwise: unknown): T {
  try {
    return compile();
  } catch {
    throw otherwise;
  }
}
