import { isTransfer, registerBuiltin } from './canned.ts';
import { isReference } from './reference.ts';

/**
 * How objects of a class of one's own travel: `encode` makes data of them, which may hold anything that can be
 * sent, and `decode` makes objects of the data again. Both sides must know the codec, by the same name.
 */
export interface Codec<T extends object = object, Data = unknown> {
  readonly name: string;
  /** Objects of this class, and of those that extend it. Either this or `canHandle`. */
  readonly class?: abstract new (...args: never[]) => T;
  /** Whether an object is one of these. */
  readonly canHandle?: (value: object) => boolean;
  readonly encode: (value: T) => Data;
  readonly decode: (data: Data) => T;
}

/** One of any kind. */
interface AnyCodec {
  readonly name: string;
  readonly class?: abstract new (...args: never[]) => object;
  readonly canHandle?: (value: object) => boolean;
  readonly encode: (value: never) => unknown;
  readonly decode: (data: never) => unknown;
}

const codecs = new Map<string, AnyCodec>();

/**
 * Makes this realm know a codec; one of the same name is replaced. Engines are told with
 * `dview.apply(registerCodec, codec)`.
 * @throws TypeError for what is no codec.
 */
export function registerCodec<T extends object, Data>(codec: Codec<T, Data>): void {
  checkCodec(codec);
  codecs.delete(codec.name);
  codecs.set(codec.name, codec);
}

/** Makes this realm forget a codec; true if it knew it. */
export function unregisterCodec(name: string): boolean {
  return codecs.delete(name);
}

registerBuiltin('registerCodec', registerCodec);
registerBuiltin('unregisterCodec', unregisterCodec);

/** The codec for an object, the latest that fits; undefined without one. */
export function codecFor(object: object): AnyCodec | undefined {
  if (codecs.size === 0 || isReference(object) || isTransfer(object)) return undefined;
  return [...codecs.values()].findLast((codec) => fits(codec, object));
}

/** @throws TypeError when this realm does not know it. */
export function codecNamed(name: string): AnyCodec {
  const codec = codecs.get(name);
  if (codec) return codec;
  throw new TypeError(
    `A value came in the form of the codec '${name}', which is not known here. Register it on both sides: ` +
      'registerCodec(codec), and dview.apply(registerCodec, codec) for the engines.',
  );
}

function fits(codec: AnyCodec, object: object): boolean {
  if (codec.canHandle) return codec.canHandle(object);
  return codec.class !== undefined && object instanceof codec.class;
}

function checkCodec(codec: unknown): void {
  const given = Object(codec) as Record<string, unknown>;
  const isFunction = (key: string) => typeof given[key] === 'function';
  const isFine = typeof given['name'] === 'string' && isFunction('encode') && isFunction('decode');
  if (isFine && (isFunction('class') || isFunction('canHandle'))) return;
  throw new TypeError('registerCodec takes { name, class or canHandle, encode, decode }');
}
