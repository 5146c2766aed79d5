import type { EngineRequest, Submission } from '../../protocol/requests.ts';

/** Milliseconds: tasks that take less than this are tiny, for sending one costs as much. */
const TINY = 0.5;
/** Milliseconds of work that an engine may be given ahead. */
const MOST_WORK = 1;
/** What a task costs an engine besides its own run, in milliseconds; roughly. */
const OVERHEAD = 0.03;
const MOST_TASKS = 32;
/** Runs that must have been seen. */
const LEAST_RUNS = 4;
/** The weight of the last run in the mean. One run of several milliseconds ends the trust in a family at once. */
const WEIGHT = 1 / 8;

/**
 * How long the tasks of one family take: those that were submitted one after the other in one turn, with the
 * same function under one label (the items of one `map`). Families do not learn from each other.
 */
export class Pace {
  #runs = 0;
  /** Milliseconds. */
  #mean = 0;

  /** Times in milliseconds; null where the task never ran. */
  learn(started: number | null, completed: number | null): void {
    if (started === null || completed === null) return;
    const took = Math.max(0, completed - started);
    this.#runs++;
    this.#mean += (took - this.#mean) * Math.max(WEIGHT, 1 / this.#runs);
  }

  /** How many tasks of this family an engine may be given behind the one that runs. */
  get ahead(): number {
    if (this.#runs < LEAST_RUNS || this.#mean >= TINY) return 0;
    return Math.min(MOST_TASKS, Math.floor(MOST_WORK / (this.#mean + OVERHEAD)));
  }
}

export function isSameFamily(a: Submission, b: Submission): boolean {
  const code = codeOf(a.request);
  return (
    code !== null &&
    a.label === b.label &&
    a.request.method === b.request.method &&
    codeOf(b.request) === code
  );
}

/** The text of the function that is to be called; null where there is none. */
function codeOf(request: EngineRequest): string | null {
  if (!('call' in request)) return null;
  const { value } = request.call as {
    readonly value?: { readonly f?: { readonly source?: unknown } | null } | null;
  };
  const source = value?.f?.source;
  return typeof source === 'string' ? source : null;
}
