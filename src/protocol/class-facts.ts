import { functionText } from '../base/guard-text.ts';
import { carrierOf } from './canned.ts';
import { constructorOf, isNativeFunction, isPlatformClass, nameOf } from './brand-of.ts';
import { privateStateIn } from './source-text.ts';

/** What is known of a class beside its text. */
export interface ClassFacts {
  /** Names of methods, its own and inherited ones, without those of the language's classes. */
  readonly methods: readonly string[];
}

const facts = new WeakMap<object, ClassFacts>();

export function classFacts(constructor: object): ClassFacts {
  const known = facts.get(constructor);
  if (known) return known;
  const methods = new Set<string>();
  for (const one of chainOf(constructor)) {
    const proto: unknown = Object.getOwnPropertyDescriptor(one, 'prototype')?.value;
    if (typeof proto !== 'object' || proto === null) continue;
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(proto)))
      if (typeof value === 'function' && name !== 'constructor') methods.add(name);
  }
  const made = { methods: [...methods] };
  facts.set(constructor, made);
  return made;
}

interface PrivateState {
  readonly className: string;
  /** `#n` */
  readonly name: string;
}

const states = new WeakMap<object, PrivateState | null>();

/** The first private field of an object's class, or of one that it extends; null: it has none. */
export function privateStateOf(object: object): PrivateState | null {
  const constructor = constructorOf(object);
  if (!constructor) return null;
  const known = states.get(constructor);
  if (known !== undefined) return known;
  let state: PrivateState | null = null;
  for (const one of chainOf(constructor)) {
    const name = privateStateIn(carrierOf(one)?.source ?? functionText(one));
    if (name !== null) state ??= { className: nameOf(one), name };
  }
  states.set(constructor, state);
  return state;
}

/** The class and those that it extends, as far as they are written in JavaScript by the user. */
function* chainOf(constructor: object): Generator<object> {
  let one: unknown = constructor;
  while (typeof one === 'function' && !isNativeFunction(one) && !isPlatformClass(one, nameOf(one))) {
    yield one;
    one = Object.getPrototypeOf(one);
  }
}
