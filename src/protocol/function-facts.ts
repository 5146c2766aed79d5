import { functionText } from '../base/guard-text.ts';
import { isNativeFunction, isPlatformClass, nameOf } from './brand-of.ts';
import { carrierOf, placeOfFunction, type Carrier, type FunctionPlace } from './canned.ts';
import { heritageOf, type Heritage } from './source-text.ts';

/** A function as it travels. */
export interface TextFacts {
  readonly source: string;
  readonly at: FunctionPlace | null;
  /** Of a class whose parent has to come along; null: it has none, or the receiver has it. */
  readonly parent: ParentFacts | null;
}

export interface ParentFacts {
  /** What the source calls it. */
  readonly name: string;
  /** What the user called it: `lib.Base`. */
  readonly text: string;
  readonly value: object;
  /** It is native, and nothing that the receiver has by a name. */
  readonly lost: boolean;
}

/** What stands in the place of a parent that is no plain name: one letter, so that columns stay. */
const PARENT = 'ᴮ';

export function textFacts(fn: object, name: string, carrier: Carrier | undefined): TextFacts {
  const source = carrier?.source ?? functionText(fn);
  const at = placeOfFunction(source, name);
  const none = { source, at, parent: null };
  const value: unknown = Object.getPrototypeOf(fn);
  if (typeof value !== 'function' || value === Function.prototype) return none;
  const heritage = heritageOf(source);
  if (!heritage) return none;
  const { text } = heritage;
  const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
  if (isName && carrier && text in carrier.values) return none;
  if (!isOfPlatform(value)) {
    const called = isName ? text : PARENT;
    const parent = { name: called, text, value, lost: false };
    return { source: isName ? source : renamed(source, heritage, PARENT), at, parent };
  }
  const known = nameOf(value);
  if (known !== '' && Reflect.get(globalThis, known) === value)
    return { source: known === text ? source : renamed(source, heritage, known), at, parent: null };
  return isName ? none : { source, at, parent: { name: PARENT, text, value, lost: true } };
}

function isOfPlatform(fn: object): boolean {
  return !carrierOf(fn) && (isNativeFunction(fn) || isPlatformClass(fn, nameOf(fn)));
}

/** As long as before, and with as many lines. */
function renamed(source: string, { text, from, to }: Heritage, name: string): string {
  const rest = text.slice(name.length).replaceAll(/[^\n\r]/g, ' ');
  return source.slice(0, from) + name + rest + source.slice(to);
}
