import { UncloneableError } from './canned.ts';
import { describe } from './brand-of.ts';

/** One step on a value's way: a key, an index, or words of ours. */
export type Segment = string | number | { readonly text: string };

/** The way to where packing goes on later. */
export interface Waypoint {
  readonly before: Waypoint | null;
  readonly segments: readonly Segment[];
}

/** The way from a value's root to where packing is, and the errors that name it. */
export class PackTrail {
  readonly #root: string;
  /** Where this part of the way begins; null: at the root. */
  #from: Waypoint | null = null;
  /** Not unwound on a throw, so that it then says where. */
  #path: Segment[] = [];
  /** What we throw ourselves; everything else comes out of the user's getters and Proxies. */
  #refusal: Error | null = null;

  /** `root`: what the value is called; empty: the way begins with the first key. */
  constructor(root: string) {
    this.#root = root;
  }

  enter(segment: Segment): void {
    this.#path.push(segment);
  }

  leave(): void {
    this.#path.pop();
  }

  /** Where it is now. */
  get here(): Waypoint {
    return { before: this.#from, segments: [...this.#path] };
  }

  goTo(waypoint: Waypoint): void {
    this.#from = waypoint;
    this.#path = [];
  }

  refuse(value: unknown, advice = 'Send the data that the engine needs instead.'): never {
    return this.refuseAs(describe(value), advice);
  }

  /** `what`: "a Promise". */
  refuseAs(what: string, advice: string): never {
    return this.#throw(new UncloneableError(`${this.where()} is ${what}, which cannot be sent. ${advice}`));
  }

  refuseDetached(): never {
    return this.#throw(
      new UncloneableError(
        `${this.where()} is on a detached ArrayBuffer: its bytes were moved away before. Send a copy.`,
      ),
    );
  }

  refuseNative(name: string): never {
    const called = name === '' ? 'f' : name.replace(/^(bound )+/, '');
    return this.#throw(
      new TypeError(
        `${this.where()} is a native or bound function (${name === '' ? 'anonymous' : name}), which has no ` +
          `source text to send. Wrap it in a function: (...args) => ${called === '' ? 'f' : called}(...args).`,
      ),
    );
  }

  /** Errors out of getters, Proxies and the stack's end get the path too. */
  explain(error: unknown): unknown {
    if (error === this.#refusal) return error;
    const [name, message] = [safely(error, 'name'), safely(error, 'message')];
    if (name === 'RangeError' && /call stack|recursion/i.test(message)) {
      return new UncloneableError(`${this.where()} is nested too deeply to be sent.`, { cause: error });
    }
    return new UncloneableError(`${this.where()} could not be read: ${name}: ${message}`, { cause: error });
  }

  where(): string {
    const segments = this.#shown();
    const text = this.#root + segments.map(textOfStep).join('');
    return text.replace(/^\./, '') || 'value';
  }

  /** The first and the last of a long way. */
  #shown(): readonly Segment[] {
    const parts: (readonly Segment[])[] = [this.#path];
    for (let part = this.#from; part; part = part.before) parts.push(part.segments);
    const path = parts.reverse().flat();
    return path.length <= 12 ? path : [...path.slice(0, 6), { text: ' … ' }, ...path.slice(-5)];
  }

  #throw(refusal: Error): never {
    this.#refusal = refusal;
    throw refusal;
  }
}

/** `.key`, `[0]`. */
export function textOfStep(segment: Segment): string {
  switch (typeof segment) {
    case 'number':
      return `[${String(segment)}]`;
    case 'string':
      return /^[A-Za-z_$][\w$]*$/.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
    default:
      return segment.text;
  }
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
