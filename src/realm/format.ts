import { formatWithOptions, inspect as nodeInspect, type InspectOptions } from 'node-inspect-extracted';
import { inheritedClass } from '../protocol/brand-of.ts';
import { fits, shrink, survey, type Caps } from './shrink.ts';

/**
 * Values as text, as Node shows them, in bounded time and size. Formatting happens where the value is: it
 * never crosses a wall just to be printed. Nothing here throws, whatever the value does when it is looked at.
 */

/** Tried in order until the value has few enough parts. */
const LEVELS: readonly [Caps, ...Caps[]] = [
  { depth: 4, items: 100 },
  { depth: 3, items: 50 },
  { depth: 2, items: 30 },
  { depth: 1, items: 20 },
  { depth: 0, items: 20 },
];

const LONGEST_TEXT = 100_000;

/** `[ 1, 2, 3 ]`, `Map(1) { 'a' => 1 }`, `'text'`; at most about 100,000 characters. */
export function inspect(value: unknown): string {
  try {
    const { part, options } = tamed(value);
    return cutText(nodeInspect(part, options));
  } catch (error) {
    return cutText(unreadable(value, error, 2));
  }
}

/** As `console.log` does it: strings as they are, `%s` and its like filled in. */
export function formatLine(args: readonly unknown[]): string {
  try {
    const tame = args.map((arg) => tamed(arg));
    // All have the same options: those of the largest.
    const { options } = tame.reduce((a, b) => (b.options.depth < a.options.depth ? b : a), tamed(null));
    const [format, ...rest] = tame.map((one) => one.part);
    return args.length === 0 ? '' : cutText(formatWithOptions(options, format, ...rest));
  } catch {
    return cutText(args.map((arg) => (typeof arg === 'string' ? arg : inspect(arg))).join(' '));
  }
}

/** At most `longest` characters, and a mark that says how many more there were. */
export function cutText(text: string, longest = LONGEST_TEXT): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}\n… cut here: ${String(text.length - longest)} more characters`;
}

function tamed(value: unknown): { readonly part: unknown; readonly options: Options } {
  if (typeof value !== 'object' || value === null) return { part: value, options: optionsFor(LEVELS[0]) };
  let caps = LEVELS[0];
  let found = survey(value, caps);
  for (const lower of LEVELS) {
    if (fits(found)) break;
    caps = lower;
    found = survey(value, caps);
  }
  const options = optionsFor(caps);
  const part = found.huge
    ? shrink(value, caps, (sample, depth) => nodeInspect(sample, { ...options, depth }))
    : value;
  return { part, options };
}

type Options = InspectOptions & Pick<Caps, 'depth'>;

function optionsFor({ depth, items }: Caps): Options {
  return { depth, maxArrayLength: items, maxStringLength: 10_000, breakLength: 80 };
}

/** A value that throws when it is looked at; its parts that do not are still shown. */
function unreadable(value: unknown, error: unknown, depth: number): string {
  try {
    if (depth > 0 && Array.isArray(value)) {
      return `[ ${value
        .slice(0, 20)
        .map((item) => partText(item, depth))
        .join(', ')} ]`;
    }
    if (
      depth > 0 &&
      typeof value === 'object' &&
      value !== null &&
      Object.getPrototypeOf(value) === Object.prototype
    ) {
      const parts = Object.keys(value)
        .slice(0, 20)
        .map((key) => `${key}: ${partText(Object.getOwnPropertyDescriptor(value, key)?.value, depth)}`);
      if (parts.length > 0) return `{ ${parts.join(', ')} }`;
    }
  } catch {
    // Not even its keys can be read.
  }
  return `[${kindOf(value)}: cannot be shown: ${reason(error)}]`;
}

function partText(part: unknown, depth: number): string {
  try {
    return nodeInspect(part, optionsFor({ depth: 1, items: 20 }));
  } catch (error) {
    return unreadable(part, error, depth - 1);
  }
}

function kindOf(value: unknown): string {
  try {
    return (typeof value === 'object' && value !== null && inheritedClass(value)) || typeof value;
  } catch {
    return 'object';
  }
}

function reason(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'it throws';
  }
}
