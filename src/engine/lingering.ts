import { freeNames } from '../lang/free-names.ts';
import type { Namespace } from '../realm/namespace.ts';

/** Ways to make something ready that runs behind the code itself. */
const WAYS = /\b(?:async|await|import|queueMicrotask|Promise)\b|\.\s*(?:then|catch|finally)\b/;
const MOST_KNOWN = 500;

/** `true`: by its own text. Names: if one of these does, which are the users'. */
type Lingers = true | readonly string[];

/**
 * Whether a request that has returned may have left microtasks behind, which would run in the name of the next one.
 * Judged by the texts of what it runs, and generously: a request that may pays two turns of the event loop (some 20
 * µs), all others pay nothing.
 */
export class Lingering {
  readonly #namespace: Namespace;
  readonly #known = new Map<string, Lingers>();
  /** Some code that lingers has come here: names may stand for it. */
  #isAround = false;
  #lingers = false;

  constructor(namespace: Namespace) {
    this.#namespace = namespace;
  }

  /** A request begins. */
  begin(): void {
    this.#lingers = false;
  }

  /** It runs a cell of this text. */
  noteCell(source: string): void {
    if (this.#lingers) return;
    // What names it uses is not asked: cells cost more than two turns.
    if (WAYS.test(source)) this.#isAround = true;
    this.#lingers = this.#isAround;
  }

  /** It has this function among what it was sent. */
  noteFunction(source: string): void {
    if (this.#lingers) return;
    const lingers = this.#known.get(source) ?? this.#judge(source);
    if (lingers === true) this.#isAround = true;
    this.#lingers =
      lingers === true || (this.#isAround && lingers.some((name) => this.#namespace.isUsers(name)));
  }

  /** What the request that has returned may have done. */
  get lingers(): boolean {
    return this.#lingers;
  }

  #judge(source: string): Lingers {
    const lingers = WAYS.test(source) || namesIn(source);
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(source, lingers);
    return lingers;
  }
}

function namesIn(source: string): Lingers {
  try {
    return freeNames(source);
  } catch {
    return true;
  }
}
