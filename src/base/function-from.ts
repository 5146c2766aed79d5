/**
 * A function, from the source text that came back from an engine. Its free names are looked up where
 * `evaluate` evaluates: in the user's namespace. Without it, among the globals of this realm.
 */
export function functionFrom(source: string, name: string, evaluate = evaluateGlobally): unknown {
  return withName(made(source, name, evaluate), name);
}

/** An arrow has its name from what it was assigned to; its text alone has lost it. */
export function withName<T>(fn: T, name: string): T {
  const own = Object.getOwnPropertyDescriptor(fn, 'name');
  if (name !== '' && own?.configurable !== false && own?.value === '') {
    Object.defineProperty(fn, 'name', { value: name, configurable: true });
  }
  return fn;
}

function made(source: string, name: string, evaluate: (expression: string) => unknown): unknown {
  try {
    return evaluate(`(${source})`);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SyntaxError') throw error;
    // A method's source (`area() { … }`) is an expression only inside an object.
    const methods = evaluate(`({ ${source} })`) as Record<string, unknown>;
    return methods[name] ?? Object.values(methods)[0];
  }
}

/** Indirect, so that it sees the globals and nothing of ours. */
const indirectEval = eval;

function evaluateGlobally(expression: string): unknown {
  return indirectEval(expression) as unknown;
}
