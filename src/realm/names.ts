const IDENTIFIER = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*`;
const HEAD = new RegExp(`^${IDENTIFIER}`, 'u');
const STEP = new RegExp(
  String.raw`\.(${IDENTIFIER})|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\['((?:[^'\\]|\\.)*)'\]`,
  'uy',
);

const RESERVED = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false ' +
    'finally for function if import in instanceof new null return super switch this throw true try typeof var ' +
    'void while with yield let static undefined NaN Infinity'
  ).split(' '),
);

/** `a.b[0]["c d"]` as `['a', 'b', '0', 'c d']`. Throws SyntaxError for what is no such path. */
export function parsePath(path: string): readonly [string, ...string[]] {
  const head = HEAD.exec(path)?.[0];
  if (head === undefined) throw notAName(path);
  if (RESERVED.has(head)) throw new SyntaxError(`'${head}' is a word of the language and cannot be assigned`);
  const steps: [string, ...string[]] = [head];
  STEP.lastIndex = head.length;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (!match) throw notAName(path);
    const [, name, index, doubleQuoted, singleQuoted] = match;
    steps.push(name ?? index ?? unquote(doubleQuoted) ?? singleQuoted ?? '');
  }
  return steps;
}

function unquote(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as string);
}

function notAName(path: string): SyntaxError {
  return new SyntaxError(`${JSON.stringify(path)} is not a name that can be assigned: use a, a.b or a[0]`);
}
