import { entrance } from '../base/primordials.ts';
import type { Frame } from '../protocol/errors.ts';
import { frameText, userFrames, type MapPosition } from './stack.ts';

/** Frames of errors whose stack has been asked for. */
const FRAMES = new WeakMap<object, readonly Frame[]>();

interface Errors {
  readonly captureStackTrace?: unknown;
}

/**
 * `error.stack` as the reader would write it, where V8 makes it: their own frames alone, with the lines and columns
 * that they have typed. So it is right wherever an error is a value: printed, inside others, as text. Code that sets
 * `Error.prepareStackTrace` itself gets its way. Other engines give no say in it.
 */
export function installStacks(globals: object, map: MapPosition): void {
  const { Error } = globals as { readonly Error: Errors };
  if (typeof Error.captureStackTrace !== 'function') return;
  const value = entrance((error: object, sites: readonly unknown[]): string => {
    const frames = userFrames(sites.map((site) => `    at ${String(site)}`).join('\n'), map);
    FRAMES.set(error, frames);
    return [headline(error), ...frames.map((frame) => `    at ${frameText(frame)}`)].join('\n');
  });
  Object.defineProperty(Error, 'prepareStackTrace', { value, writable: true, configurable: true });
}

/** The user's frames of an error of this realm, if its stack was made here. To be asked behind `error.stack`. */
export function framesOfStack(error: unknown): readonly Frame[] | undefined {
  return typeof error === 'object' && error !== null ? FRAMES.get(error) : undefined;
}

const { toString } = Error.prototype as { readonly toString: (this: unknown) => string };

function headline(error: object): string {
  try {
    return Reflect.apply(toString, error, []);
  } catch {
    return 'Error';
  }
}
