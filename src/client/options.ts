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
  return options as Options;
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
