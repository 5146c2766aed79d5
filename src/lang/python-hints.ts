/** How lines of Python look, and what the same is in JavaScript. The first that fits counts. */
const HINTS: readonly (readonly [line: RegExp, hint: string])[] = [
  [/^\s*#(?![!\w])/, 'a comment begins with //'],
  [/^\s*!\s*\w+\s+\S/, 'there is no shell here'],
  [/^\s*(?:async\s+)?def\s+\w+\s*\(/, 'a function is function name(x) { … }'],
  [/^\s*from\s+[\w.]+\s+import\b/, "an import is import { name } from 'module'"],
  [
    /^\s*import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*\s*$/,
    "an import is import name from 'module'",
  ],
  [/^\s*class\s+\w+\s*(?:\([^)]*\))?:/, 'a class is class Name extends Parent { … }'],
  [
    /^\s*(?:if|elif|else|for|while|try|except|finally|with)\b.*:\s*(?:#.*)?$/,
    'blocks stand in braces: if (x) { … }',
  ],
  [/\blambda\b[^:]*:/, 'a lambda is x => …'],
  [/\[[^\]]*\bfor\s+\w+\s+in\b/, 'a list of what is made of each is list.map((x) => …)'],
  [
    /\[\s*-?\d*\s*:\s*-?\d*(?:\s*:\s*-?\d*)?\s*\]/,
    "a slice is a string for views, rc[':'], and list.slice(from, to) for lists",
  ],
  [/(?:^|[^\w.])print\s+["'\w]/, 'print and console.log take parentheses: print("x")'],
  [/(?:^|[^\w$.])[fbr]["']/, 'a text with values in it is `a ${b}`'],
  [/["']{3}/, 'a text of many lines stands in backquotes'],
  [/\bnot\s+\w|\w\s+(?:and|or)\s+\w/, 'not, and, or are !, &&, ||'],
  [/\bpass\s*$|\bdel\s+\w/, 'an empty block is { }, and delete removes a property'],
];

/** What to write instead of a line that looks like Python; null for one that does not. */
export function pythonHint(line: string): string | null {
  return HINTS.find(([look]) => look.test(line))?.[1] ?? null;
}

/** Names that Python has and JavaScript has not, and what is used in their place. Names of libraries are not among them:
 * they are somebody's variables. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['True', 'true'],
  ['False', 'false'],
  ['None', 'null'],
  ['self', 'this'],
  ['len', 'x.length, or x.size of Map and Set'],
  ['str', 'String(x)'],
  ['int', 'Math.trunc(x), or parseInt(text)'],
  ['float', 'Number(x)'],
  ['bool', 'Boolean(x)'],
  ['list', 'Array.from(x), or [...x]'],
  ['tuple', 'a list, [a, b]'],
  ['dict', 'an object, { key: value }, or a Map'],
  ['set', 'new Set(x)'],
  ['abs', 'Math.abs(x)'],
  ['min', 'Math.min(...x)'],
  ['max', 'Math.max(...x)'],
  ['sum', 'x.reduce((a, b) => a + b, 0)'],
  ['sorted', 'x.toSorted((a, b) => a - b)'],
  ['reversed', 'x.toReversed()'],
  ['enumerate', 'x.entries()'],
  ['zip', 'x.map((a, i) => [a, y[i]])'],
  ['type', 'typeof x'],
  ['isinstance', 'x instanceof Class'],
  ['hasattr', "'name' in x"],
  ['getattr', 'x[name]'],
  ['open', 'files.text(name)'],
  ['Exception', 'Error'],
  ['NotImplementedError', 'Error'],
  ['ZeroDivisionError', 'nothing: 1 / 0 is Infinity'],
]);

/** What JavaScript has in place of this name of Python's, in a clause; null for all other names. */
export function pythonName(name: string): string | null {
  const instead = NAMES.get(name);
  return instead === undefined ? null : `in JavaScript Python's ${name} is ${instead}`;
}
