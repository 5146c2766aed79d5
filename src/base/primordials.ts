/**
 * Code of ours shares its realm with users' code, which may replace any method of the language (`Array.prototype.map`,
 * `Promise.prototype.then`, the iterator of arrays …). Such a method holds while users' code runs. While ours runs, the
 * methods are as they were at the start: whoever comes in takes them back, whoever goes out gives those of the user.
 *
 * Where code of ours comes in and goes out the build tells (`scripts/own-ground.ts`), for what is called back and for
 * what goes on after an `await`; the doors for users' calls are made with `entrance`, and users' code is called
 * `outside`. Unbundled code (tests) has no ground of its own: there all this does nothing.
 */
interface Ground {
  /** How many calls into code of ours there are on the stack; 0: users' code runs, or nothing. */
  depth: number;
  active: Keeper | null;
}

declare const $tuttiGround: Ground | undefined;

const ground = typeof $tuttiGround === 'undefined' ? null : $tuttiGround;

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, ownKeys, setPrototypeOf } = Reflect;

/** To be called before the first of users' code runs: methods are kept as they are now. */
export function keepPrimordials(): void {
  if (ground !== null) ground.active ??= new Keeper();
}

/** Runs users' code, with the methods that they have replaced. */
export function outside<T>(work: () => T): T {
  if (ground === null || ground.active === null || ground.depth === 0) return work();
  const { depth, active } = ground;
  ground.depth = 0;
  active.give();
  try {
    return work();
  } finally {
    active.take();
    ground.depth = depth;
  }
}

/** Calls a function of users'. */
export function callOutside(fn: (...args: never[]) => unknown, args: readonly unknown[]): unknown {
  return outside(() => apply(fn, undefined, args) as unknown);
}

type AnyFunction = (this: unknown, ...args: never[]) => unknown;

/** What becomes of promises that the API gives. */
let carried = (promise: Promise<unknown>): Promise<unknown> => promise;

/** From now on users get the promises of the API by this. */
export function carryPromises(carry: (promise: Promise<unknown>) => Promise<unknown>): void {
  carried = carry;
}

/** A function of ours as users call it. */
export function entrance<F extends AnyFunction>(fn: F): F {
  if (ground === null) return fn;
  const entered = function (this: unknown, ...args: never[]): unknown {
    if (ground.depth > 0 || ground.active === null) return apply(fn, this, args);
    ground.depth = 1;
    ground.active.take();
    try {
      const result: unknown = apply(fn, this, args);
      return result instanceof Promise ? carried(result) : result;
    } finally {
      ground.depth = 0;
      ground.active.give();
    }
  };
  for (const key of ['name', 'length']) {
    const descriptor = getOwnPropertyDescriptor(fn, key);
    if (descriptor) defineProperty(entered, key, descriptor);
  }
  return entered as F;
}

/** Makes doors of an object's own methods and accessors. */
export function makeEntrances(object: object): void {
  if (ground === null || MADE.has(object)) return;
  MADE.add(object);
  for (const key of ownKeys(object)) {
    const descriptor = getOwnPropertyDescriptor(object, key);
    if (descriptor?.configurable !== true || key === 'constructor') continue;
    const door = (fn: unknown): unknown =>
      typeof fn === 'function' && !/^class\b/.test(Function.prototype.toString.call(fn))
        ? entrance(fn as AnyFunction)
        : fn;
    for (const part of ['value', 'get', 'set'] as const)
      if (part in descriptor) descriptor[part] = door(descriptor[part]) as never;
    defineProperty(object, key, descriptor);
  }
}

const MADE = new WeakSet();

/** A method as it was. */
interface Primordial {
  readonly owner: object;
  readonly key: PropertyKey;
  /** Undefined: there was none, and if there were, code of ours would meet it. */
  readonly descriptor: PropertyDescriptor | undefined;
}

/** What a user has put in a primordial's place. A chain, since lists have methods. */
interface Held {
  readonly owner: object;
  readonly key: PropertyKey;
  readonly descriptor: PropertyDescriptor | undefined;
  readonly next: Held | null;
}

class Keeper {
  readonly #primordials: readonly Primordial[] = primordials();
  readonly #known = Object.assign(
    Object.create(null) as Record<PropertyKey, boolean>,
    Object.fromEntries(ownKeys(Object.prototype).map((key) => [key, true])),
  );
  /** Those that users have replaced before, and those that cannot be put back: the others are looked at quickly. */
  #suspects: readonly Primordial[] = [];
  #areOthersAsTheyWere = lookAt(this.#primordials);
  #held: Held | null = null;

  take(): void {
    this.#clearRoot();
    for (let i = 0; i < this.#suspects.length; i++) this.#takeBack(this.#suspects[i] as Primordial);
    if (this.#areOthersTheSame()) return;
    const before = this.#suspects.length;
    const found: Primordial[] = [];
    for (let i = 0; i < this.#primordials.length; i++) {
      const primordial = this.#primordials[i] as Primordial;
      if (this.#takeBack(primordial)) defineProperty(found, found.length, item(primordial));
    }
    // From here on the language is as it was, but for what cannot be put back.
    if (found.length === 0 && before > 0) return;
    this.#suspects = [...new Set([...this.#suspects, ...found])];
    const suspects = new Set(this.#suspects);
    this.#areOthersAsTheyWere = lookAt(this.#primordials.filter((one) => !suspects.has(one)));
  }

  give(): void {
    for (let held = this.#held; held !== null; held = held.next) put(held.owner, held.key, held.descriptor);
    this.#held = null;
  }

  /** Looking may run a getter that a user has put there. */
  #areOthersTheSame(): boolean {
    try {
      return this.#areOthersAsTheyWere();
    } catch {
      return false;
    }
  }

  /**
   * What every object would inherit. What is enumerable is seen at once; all keys are listed, which takes more than all
   * the rest, each sixteenth time, and while there is something.
   */
  #clearRoot(): void {
    this.#entries++;
    if (!this.#isRootChanged && (this.#entries & 15) !== 0 && !isRootEnumerable()) return;
    const keys = ownKeys(Object.prototype);
    this.#isRootChanged = keys.length !== this.#rootSize;
    if (!this.#isRootChanged) return;
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      if (!(key in this.#known)) this.#hold(Object.prototype, key, undefined);
    }
  }

  readonly #rootSize = ownKeys(Object.prototype).length;
  #entries = 0;
  #isRootChanged = false;

  /** Whether it had been replaced. */
  #takeBack({ owner, key, descriptor }: Primordial): boolean {
    const now = getOwnPropertyDescriptor(owner, key);
    if (now !== undefined) setPrototypeOf(now, null);
    if (isSame(now, descriptor)) return false;
    this.#hold(owner, key, descriptor);
    return true;
  }

  #hold(owner: object, key: PropertyKey, original: PropertyDescriptor | undefined): void {
    const descriptor = getOwnPropertyDescriptor(owner, key);
    if (descriptor !== undefined) setPrototypeOf(descriptor, null);
    if (put(owner, key, original)) this.#held = { owner, key, descriptor, next: this.#held };
  }
}

function isRootEnumerable(): boolean {
  for (const _key in Object.prototype) return true;
  return false;
}

function put(owner: object, key: PropertyKey, descriptor: PropertyDescriptor | undefined): boolean {
  return descriptor === undefined ? deleteProperty(owner, key) : defineProperty(owner, key, descriptor);
}

function item(value: unknown): PropertyDescriptor {
  return {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  } as PropertyDescriptor;
}

function isSame(a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.value === b.value && a.get === b.get && a.set === b.set;
}

/**
 * A function that says quickly whether all of them are as they were: a text of plain comparisons, which browsers make
 * next to nothing of. A descriptor for each would cost more than a small task.
 */
function lookAt(primordials: readonly Primordial[]): () => boolean {
  const given: unknown[] = [];
  const owners = new Map<object, string>();
  const name = (value: unknown): string => `v[${String(given.push(value) - 1)}]`;
  const declarations: string[] = [];
  const constant = (value: unknown): string => {
    const called = `c${String(declarations.length)}`;
    declarations.push(`${called}=${name(value)}`);
    return called;
  };
  const tests = primordials.flatMap(({ owner, key, descriptor }) => {
    const sample = descriptor?.get && sampleOf(owner, key);
    const on: object = sample ?? owner;
    // What is made anew each time cannot be compared.
    if (sample && !Object.is(Reflect.get(sample, key), Reflect.get(sample, key))) return [];
    if (!owners.has(on)) owners.set(on, constant(on));
    const at = typeof key === 'symbol' ? `[${constant(key)}]` : `[${JSON.stringify(key)}]`;
    const expected: unknown = sample ? Reflect.get(sample, key) : descriptor?.value;
    return [`${String(owners.get(on))}${at}===${expected === undefined ? 'void 0' : constant(expected)}`];
  });
  const text = `const ${declarations.join(',')};return()=>${tests.join('&&')}`;
  // oxlint-disable-next-line typescript/no-implied-eval -- a text of ours alone, and no other way is as quick
  const make = new Function('v', text) as (given: readonly unknown[]) => () => boolean;
  return make(given);
}

const REALM: Readonly<Record<string, unknown>> = globalThis;

/** Of these all methods are kept: of the classes' prototypes and of the classes. */
const CLASSES =
  'Object Function Array String Number Boolean Symbol BigInt Promise Map Set WeakMap WeakSet WeakRef RegExp Date Error ' +
  'AggregateError ArrayBuffer SharedArrayBuffer DataView Float64Array Float32Array Int32Array Uint32Array Int16Array ' +
  'Uint16Array Int8Array Uint8Array Uint8ClampedArray BigInt64Array BigUint64Array FinalizationRegistry Proxy Iterator ' +
  'MessagePort MessageEvent EventTarget TextEncoder TextDecoder Blob FileReaderSync Performance URL';
const OBJECTS = 'JSON Math Reflect Atomics crypto';
/** Were there any of these, code of ours would meet them without asking. */
const ABSENT: readonly (readonly [owner: string, key: string])[] = [
  ...['Array', 'String', 'Number', 'Boolean', 'BigInt', 'Function'].map((name) => [name, 'toJSON'] as const),
  ...['Array', 'Function', 'String'].map((name) => [name, 'then'] as const),
  // By every object, and not enumerable: see `#clearRoot`.
  ...['then', 'toJSON', 'get', 'set', 'value', 'writable', 'enumerable', 'configurable', 'done'].map(
    (key) => ['Object', key] as const,
  ),
];

function primordials(): Primordial[] {
  const owners = new Set<object>();
  const add = (value: unknown): void => {
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') owners.add(value);
  };
  const named = (name: string): { readonly prototype?: unknown } | undefined => REALM[name] as never;
  for (const name of CLASSES.split(' ')) {
    add(named(name)?.prototype);
    add(named(name));
  }
  for (const name of OBJECTS.split(' ')) add(named(name));
  const iterators = [
    [].values(),
    new Map().keys(),
    new Set().keys(),
    ''[Symbol.iterator](),
    'a'.matchAll(/a/g),
  ];
  for (const one of iterators) add(Object.getPrototypeOf(one));
  add(Object.getPrototypeOf(Object.getPrototypeOf([].values())));
  add(Object.getPrototypeOf(Uint8Array));
  add((Object.getPrototypeOf(Uint8Array) as { readonly prototype: unknown }).prototype);
  const generators = [function* () {}, async function* () {}].map((f) => f.prototype as object);
  for (const one of generators) {
    add(Object.getPrototypeOf(one));
    add(Object.getPrototypeOf(Object.getPrototypeOf(one)));
  }
  const absent = ABSENT.map(([name, key]) => ({
    owner: named(name)?.prototype as object,
    key,
    descriptor: undefined,
  }));
  return [...[...owners].flatMap(methodsOf), ...absent];
}

function methodsOf(owner: object): Primordial[] {
  return ownKeys(owner).flatMap((key) => {
    const descriptor = getOwnPropertyDescriptor(owner, key);
    // What cannot be changed need not be kept; accessors are where an object can be asked.
    const isKept =
      typeof descriptor?.value === 'function' || (descriptor?.get && sampleOf(owner, key) !== null);
    if (!descriptor || !isKept || descriptor.configurable !== true) return [];
    if (owner === Function.prototype && (key === 'caller' || key === 'arguments')) return [];
    setPrototypeOf(descriptor, null);
    return [{ owner, key, descriptor }];
  });
}

const SAMPLES = new Map<object, object>();
for (const sample of [new Map(), new Set(), /a/g, new ArrayBuffer(1), new DataView(new ArrayBuffer(1))])
  SAMPLES.set(Object.getPrototypeOf(sample) as object, sample);
const bytes = new Uint8Array(1);
SAMPLES.set(Object.getPrototypeOf(Object.getPrototypeOf(bytes)) as object, bytes);
const Shared = (globalThis as { readonly SharedArrayBuffer?: SharedArrayBufferConstructor })
  .SharedArrayBuffer;
if (Shared) SAMPLES.set(Shared.prototype, new Shared(1));
type EventClass = new (type: string, init: { readonly data: unknown }) => object;
const Message = (globalThis as { readonly MessageEvent?: EventClass }).MessageEvent;
if (Message) SAMPLES.set(Message.prototype as object, new Message('message', { data: 'sample' }));

/** An object that has the accessor; null: there is none. */
function sampleOf(owner: object, key: PropertyKey): object | null {
  return key === Symbol.species ? owner : (SAMPLES.get(owner) ?? null);
}
