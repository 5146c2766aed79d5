import { UncloneableError } from './canned.ts';
import { describe } from './brand-of.ts';

/** The way from a value's root to where packing is, and the errors that name it. */
export class PackTrail {
  readonly #root: string;
  /** Not unwound on a throw, so that it then says where. */
  readonly #path: string[] = [];
  /** What we throw ourselves; everything else comes out of the user's getters and Proxies. */
  #refusal: Error | null = null;

  /** `root`: what the value is called; empty: the way begins with the first key. */
  constructor(root: string) {
    this.#root = root;
  }

  enter(segment: string): void {
    this.#path.push(segment);
  }

  leave(): void {
    this.#path.pop();
  }

  refuse(value: unknown, advice = 'Send the data that the engine needs instead.'): never {
    return this.#throw(
      new UncloneableError(`${this.#where()} is ${describe(value)}, which cannot be sent. ${advice}`),
    );
  }

  refuseDetached(): never {
    return this.#throw(
      new UncloneableError(
        `${this.#where()} is on a detached ArrayBuffer: its bytes were moved away before. Send a copy.`,
      ),
    );
  }

  refuseNative(name: string): never {
    const called = name === '' ? 'f' : name.replace(/^(bound )+/, '');
    return this.#throw(
      new TypeError(
        `${this.#where()} is a native or bound function (${name === '' ? 'anonymous' : name}), which has no ` +
          `source text to send. Wrap it in a function: (...args) => ${called === '' ? 'f' : called}(...args).`,
      ),
    );
  }

  /** Errors out of getters, Proxies and the stack's end get the path too. */
  explain(error: unknown): unknown {
    if (error === this.#refusal) return error;
    const [name, message] = [safely(error, 'name'), safely(error, 'message')];
    if (name === 'RangeError' && /call stack|recursion/i.test(message)) {
      return new UncloneableError(`${this.#where()} is nested too deeply to be sent.`, { cause: error });
    }
    return new UncloneableError(`${this.#where()} could not be read: ${name}: ${message}`, { cause: error });
  }

  #throw(refusal: Error): never {
    this.#refusal = refusal;
    throw refusal;
  }

  #where(): string {
    const path = this.#path;
    const shown = path.length <= 12 ? path : [...path.slice(0, 6), ' … ', ...path.slice(-5)];
    const text = this.#root + shown.join('');
    return text.replace(/^\./, '') || 'value';
  }
}

/** `.key`, or `["odd key"]`. */
export function segmentOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** What a key of a Map is called. */
export function nameKey(key: unknown, i: number): string {
  if (typeof key === 'string' || typeof key === 'number') return JSON.stringify(key);
  return `keys[${String(i)}]`;
}

function safely(thrown: unknown, key: 'name' | 'message'): string {
  try {
    return String((thrown as Record<string, unknown>)[key]);
  } catch {
    return 'unreadable';
  }
}
