import { noPrimitive } from './no-primitive.ts';

/** Finds References of every realm and every copy of this module. */
const BRAND = Symbol.for('tutti.reference');

/** Stands for a value that lives on the engine: replaced there by what `expression` gives in the namespace. */
export interface Reference {
  readonly expression: string;
}

export interface ReferenceConstructor {
  /** Throws TypeError when `expression` is not a string. */
  new (expression: string): Reference;
  (expression: string): Reference;
  readonly prototype: Reference;
}

class ReferenceValue implements Reference {
  readonly expression: string;
  readonly [BRAND] = true;

  constructor(expression: unknown) {
    if (typeof expression !== 'string') {
      throw new TypeError(`illegal name: Reference takes a string, not ${typeof expression}`);
    }
    this.expression = expression;
  }

  [Symbol.toPrimitive](hint: string): string {
    return noPrimitive(this, hint, `its value is on the engines. ${insteadOf(this.expression)}`);
  }

  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    return `Reference(${JSON.stringify(this.expression)})`;
  }
}

/** How to compute with it. */
function insteadOf(expression: string): string {
  return `Reference(${JSON.stringify(`${expression} + 1`)}) is computed there; view.pull(${JSON.stringify(expression)}) gets it`;
}

function makeReference(expression: unknown): Reference {
  return new ReferenceValue(expression);
}
// A class cannot be called without `new`; a function that shares the class's prototype can be used both ways.
makeReference.prototype = ReferenceValue.prototype;
Object.defineProperty(makeReference, 'name', { value: 'Reference' });
Object.defineProperty(ReferenceValue.prototype, 'constructor', { value: makeReference });

/** `Reference('a')` and `new Reference('a')` are the same. */
export const Reference = makeReference as unknown as ReferenceConstructor;

export function isReference(value: object): value is Reference {
  return Object.hasOwn(value, BRAND);
}
