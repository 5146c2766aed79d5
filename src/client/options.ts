import { camelKeys } from './spelling.ts';

/** `{}`-like: what may be a call's options. Arrays, Maps, References and the like may not. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value) as object | null;
  // Of whichever realm: cells of tests and of frames have an Object of their own.
  return (
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'))
  );
}

/**
 * The options of one call, in camelCase.
 * @throws TypeError for a name that is not among `names`.
 */
export function readOptions<Options extends object>(
  given: Options | undefined,
  names: readonly (keyof Options & string)[],
  method: string,
): Options {
  if (given === undefined) return {} as Options;
  if (!isPlainObject(given))
    throw new TypeError(`the options of ${method} must be an object like { block: true }`);
  const options = camelKeys(given);
  for (const name of Object.keys(options)) {
    if (!names.includes(name as keyof Options & string)) throw unknownOption(name, names, method);
  }
  return checked(options, method) as Options;
}

const SWITCHES: ReadonlySet<string> = new Set([
  ...['block', 'track', 'silent', 'returnExceptions', 'ordered', 'abortsQueueOnError', 'local', 'quiet'],
  ...['restart', 'hub', 'verbose', 'statusOnly', 'resultOnly', 'activate', 'flatten'],
]);
/** Characters of a label: it goes with every task, and is read by people. */
const LONGEST_LABEL = 1000;

/** Those that mean the same wherever they stand; null is none. What one method alone has, it reads itself. */
function checked(options: Readonly<Record<string, unknown>>, method: string): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (name === 'label') known[name] = readLabel(value);
    else if (name === 'url' && typeof value !== 'string' && value !== undefined)
      throw new TypeError(`url of ${method} must be a text, the name of the code in tracebacks`);
    else if (!SWITCHES.has(name)) known[name] = value;
    else if (typeof value === 'boolean') known[name] = value;
    else if (value !== undefined && value !== null)
      throw new TypeError(`${name} of ${method} must be true or false, not ${typeof value}`);
  }
  return known;
}

/** @throws TypeError; RangeError when it is too long. */
export function readLabel(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return value;
  if (typeof value !== 'string') throw new TypeError(`label must be a text or null, not ${typeof value}`);
  if (value.length <= LONGEST_LABEL) return value;
  throw new RangeError(
    `label has ${String(value.length)} characters; it goes with every task and has at most ${String(LONGEST_LABEL)}`,
  );
}

function unknownOption(name: string, names: readonly string[], method: string): TypeError {
  const known = names.length > 0 ? `its options are ${names.join(', ')}` : 'it has none';
  return new TypeError(`${method} got an unexpected option '${name}'; ${known}`);
}

/** Splits `map(f, ...sequences, options?)`: a plain object at the end is the options. */
export function splitOptions(rest: readonly unknown[]): {
  readonly sequences: readonly unknown[];
  readonly options: object | undefined;
} {
  const last = rest.at(-1);
  const isOptions = isPlainObject(last) && !(Symbol.iterator in last) && !(Symbol.asyncIterator in last);
  return isOptions
    ? { sequences: rest.slice(0, -1), options: last }
    : { sequences: rest, options: undefined };
}
