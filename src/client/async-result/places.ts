/**
 * Reads `ar[0]` and `ar['1:3']`: names that an object and its classes do not have come here. Nobody pays for it who uses
 * the names that there are.
 */
export interface Placed {
  /** The item at a place; negative ones count from the end. */
  at(index: number): unknown;
  slice(start?: number, stop?: number): unknown[];
  toString(): string;
}

const SLICE = /^(-?\d+)?:(-?\d+)?$/;

/** The objects of this class, and of those above it, are read by place. */
export function readByPlace(type: { readonly prototype: object }): void {
  const names = new Proxy(Object.create(null) as object, {
    get: (_target, key, object: Placed) => (typeof key === 'string' ? readPlace(key, object) : undefined),
    set: (_target, key, value, object: Placed) => {
      if (typeof key === 'string' && isPlace(key))
        throw new TypeError(`${object.toString()} cannot be written to: its results are what they are`);
      return Reflect.defineProperty(object, key, {
        ...{ value: value as unknown, writable: true, enumerable: true, configurable: true },
      });
    },
  });
  Object.setPrototypeOf(rootOf(type.prototype), Object.setPrototypeOf(names, Object.prototype) as object);
}

/** The last of its prototypes that is ours. */
function rootOf(prototype: object): object {
  const above = Object.getPrototypeOf(prototype) as object | null;
  return above === null || above === Object.prototype ? prototype : rootOf(above);
}

function isPlace(key: string): boolean {
  return /^-?\d/.test(key) || SLICE.test(key);
}

function readPlace(key: string, object: Placed): unknown {
  if (!isPlace(key)) return Reflect.get(Object.prototype, key, object) as unknown;
  const slice = SLICE.exec(key);
  if (!slice) return object.at(Number(key));
  const [start, stop] = slice
    .slice(1)
    .map((part: string | undefined) => (part === undefined ? undefined : Number(part)));
  return object.slice(start, stop);
}
