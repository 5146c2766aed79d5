import { HIDDEN_PREFIX } from '../lang/declarations.ts';
import { KEYS_HOOK } from '../protocol/keys-hook.ts';
import type { Evaluator } from './evaluator.ts';
import { parsePath } from './names.ts';

/**
 * The names that users see and make: the realm's global object, minus what was there before them. Plain data
 * properties, because everything else is slow to read; so what is the user's is known by comparison with the
 * realm as it was.
 */
export class Namespace {
  readonly #evaluator: Evaluator;
  /** The realm before the user, our API included. */
  readonly #original = new Map<string, PropertyDescriptor>();

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
    for (const name of this.#ownNames()) {
      const descriptor = Object.getOwnPropertyDescriptor(evaluator.globals, name);
      if (descriptor) this.#original.set(name, descriptor);
    }
    this.install({ [KEYS_HOOK]: () => this.keys() });
  }

  /** Adds names of the API. They are ordinary variables, may be overwritten, and do not count as the user's. */
  install(api: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(api)) {
      const descriptor = { value, writable: true, enumerable: false, configurable: true };
      Object.defineProperty(this.#evaluator.globals, name, descriptor);
      this.#original.set(name, descriptor);
    }
  }

  /** The user's names, in order of appearance. */
  keys(): readonly string[] {
    return this.#ownNames().filter((name) => !name.startsWith(HIDDEN_PREFIX) && this.isUsers(name));
  }

  /** Whether there is a top-level name, of the user or of the realm. */
  has(name: string): boolean {
    return Reflect.has(this.#evaluator.globals, name);
  }

  /** The value of a top-level name without running anything: undefined where a getter would have to say. */
  peek(name: string): unknown {
    return Object.getOwnPropertyDescriptor(this.#evaluator.globals, name)?.value;
  }

  /** The value of an expression. What it throws is the user's: ReferenceError for a missing name. */
  get(expression: string): unknown {
    return this.#evaluator.evaluate(`(${expression}\n)`);
  }

  /** `path`: `a`, `a.b`, `a[0]`, `a["b c"]`. Throws SyntaxError, ReferenceError or TypeError. */
  set(path: string, value: unknown): void {
    const steps = parsePath(path);
    if (steps.length === 1) this.#bind(steps[0], value);
    else assignInside(this.#evaluator.globals, steps, value);
  }

  /** Whether a name is the user's: made by users' code, or with another value than the realm gave it. */
  isUsers(name: string): boolean {
    const original = this.#original.get(name);
    const now = Object.getOwnPropertyDescriptor(this.#evaluator.globals, name);
    if (!original) return now !== undefined;
    return now !== undefined && (now.get !== original.get || !Object.is(now.value, original.value));
  }

  /** Removes the user's names and gives overwritten ones back their first meaning. */
  clear(): void {
    const { globals } = this.#evaluator;
    for (const name of this.#ownNames()) this.forget(name);
    for (const [name, original] of this.#original) {
      if (!Object.hasOwn(globals, name)) Reflect.defineProperty(globals, name, original);
    }
  }

  /** The same for one name; without effect where it is not the user's. */
  forget(name: string): void {
    if (!Object.hasOwn(this.#evaluator.globals, name) || !this.isUsers(name)) return;
    const { globals } = this.#evaluator;
    const original = this.#original.get(name);
    if (original) Reflect.defineProperty(globals, name, original);
    else if (!Reflect.deleteProperty(globals, name)) Reflect.set(globals, name, undefined);
  }

  #ownNames(): string[] {
    return Reflect.ownKeys(this.#evaluator.globals).filter((key) => typeof key === 'string');
  }

  #bind(name: string, value: unknown): void {
    const { globals } = this.#evaluator;
    const descriptor = { value, writable: true, enumerable: true, configurable: true };
    const isFixed = name === 'globalThis' || name === 'eval';
    if (!isFixed && (Reflect.defineProperty(globals, name, descriptor) || Reflect.set(globals, name, value)))
      return;
    throw new TypeError(`'${name}' belongs to the realm and cannot be assigned; use another name`);
  }
}

function assignInside(globals: object, steps: readonly [string, ...string[]], value: unknown): void {
  if (!Reflect.has(globals, steps[0])) throw new ReferenceError(`${steps[0]} is not defined`);
  let target: unknown = globals;
  let walked = '';
  for (const step of steps.slice(0, -1)) {
    target = (target as Record<string, unknown>)[step];
    walked += walked === '' ? step : `.${step}`;
    if ((typeof target !== 'object' && typeof target !== 'function') || target === null) {
      throw new TypeError(
        `Cannot set a property of ${walked}, which is ${target === null ? 'null' : typeof target}`,
      );
    }
  }
  (target as Record<string, unknown>)[steps.at(-1) ?? ''] = value;
}
