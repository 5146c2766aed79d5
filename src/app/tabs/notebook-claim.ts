/**
 * Which tab may save a notebook that is open in several. Each tab asks for the notebook's Web Lock; who holds it
 * saves, the others wait in line and say so. A tab that is closed or dies lets go by itself, since the browser
 * takes its lock, and the next in line has it. A reader can also take it: the holder is asked to save first, and
 * after a moment the lock is stolen, whether it answered or not (a frozen tab does not).
 *
 * The lock keeps readers from writing two versions at once; that no version is overwritten, the store's revisions
 * promise, with or without locks.
 */
import type { Timers } from '../../base/clock.ts';
import { deferred, type Deferred } from '../../base/deferred.ts';

export type Claim = 'mine' | 'elsewhere';

/** What of `navigator.locks` is used. */
export interface Locks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    hold: () => Promise<void>,
  ): Promise<unknown>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

export interface NotebookClaims {
  /** This tab shows the notebook from now on, and no longer the one before. */
  open(notebook: string): void;
  /** Whose it is; waits a moment when that is not known yet. */
  settled(): Promise<Claim>;
  /** Makes it this tab's. */
  take(): Promise<void>;
  /** Whether another tab has it open. */
  isElsewhere(notebook: string): Promise<boolean>;
}

export interface ClaimParts {
  /** Null where the browser has none: every tab takes the notebook for its own. */
  readonly locks: Locks | null;
  readonly channel: {
    post(message: unknown): void;
    listen(hear: (message: unknown) => void): void;
  } | null;
  readonly timers: Timers;
  /** The open notebook has become this tab's, or another's. Not told for `mine` at once after `open`. */
  readonly onClaim: (claim: Claim) => void;
  /** Another tab wants it: save what is unsaved. */
  readonly letGo: () => Promise<unknown>;
}

/** Seconds in which a free lock has surely come: the page before a reload may still be letting go of it. */
const FREE_WITHIN = 0.3;
/** Seconds that the holder has for its last save. */
const PATIENCE = 2;

export function createNotebookClaims(parts: ClaimParts): NotebookClaims {
  return new LockedClaims(parts);
}

/** One notebook in this tab. */
interface Tenure {
  readonly notebook: string;
  /** Ends the waiting in line. */
  readonly waiting: AbortController;
  claim: Claim | 'unknown';
  readonly known: Deferred<Claim>;
  /** Lets go of the lock; null while it is not held. */
  release: (() => void) | null;
}

class LockedClaims implements NotebookClaims {
  readonly #parts: ClaimParts;
  #current: Tenure | null = null;
  /** Ends the patience of `take`. */
  #onReady: (() => void) | null = null;

  constructor(parts: ClaimParts) {
    this.#parts = parts;
    parts.channel?.listen((message) => {
      this.#hear(message);
    });
  }

  open(notebook: string): void {
    const { locks, timers } = this.#parts;
    if (this.#current?.notebook === notebook) return;
    this.#leave();
    const tenure = createTenure(notebook);
    this.#current = tenure;
    if (locks === null) {
      this.#settle(tenure, 'mine');
      return;
    }
    this.#standInLine(tenure, locks);
    timers.after(FREE_WITHIN, () => {
      if (tenure.claim === 'unknown') this.#settle(tenure, 'elsewhere');
    });
  }

  async settled(): Promise<Claim> {
    const tenure = this.#current;
    if (tenure === null) return 'mine';
    return tenure.claim === 'unknown' ? tenure.known.promise : tenure.claim;
  }

  async take(): Promise<void> {
    const { locks, channel, timers } = this.#parts;
    const tenure = this.#current;
    if (tenure === null || locks === null || (await this.settled()) === 'mine') return;
    await new Promise<void>((resolve) => {
      const cancel = timers.after(PATIENCE, resolve);
      this.#onReady = () => {
        cancel();
        resolve();
      };
      channel?.post({ type: 'let-go', notebook: tenure.notebook });
    });
    this.#onReady = null;
    if (this.#current !== tenure) return;
    tenure.waiting.abort();
    const next = createTenure(tenure.notebook);
    this.#current = next;
    this.#request(next, locks, { steal: true });
    await next.known.promise;
  }

  async isElsewhere(notebook: string): Promise<boolean> {
    if (this.#current?.notebook === notebook) return (await this.settled()) === 'elsewhere';
    const { held = [] } = (await this.#parts.locks?.query()) ?? {};
    return held.some(({ name }) => name === nameOf(notebook));
  }

  #leave(): void {
    const tenure = this.#current;
    tenure?.waiting.abort();
    tenure?.release?.();
  }

  #standInLine(tenure: Tenure, locks: Locks): void {
    this.#request(tenure, locks, { signal: tenure.waiting.signal });
  }

  #request(tenure: Tenure, locks: Locks, options: Parameters<Locks['request']>[1]): void {
    const hold = (): Promise<void> => {
      if (this.#current !== tenure) return Promise.resolve();
      const held = deferred<undefined>();
      tenure.release = () => {
        held.resolve(undefined);
      };
      this.#settle(tenure, 'mine');
      return held.promise;
    };
    locks.request(nameOf(tenure.notebook), options, hold).catch(() => {
      // Given up, or stolen: then another tab has it, and this one stands in line again.
      const stolen = this.#current === tenure && tenure.release !== null;
      tenure.release = null;
      if (!stolen) return;
      this.#settle(tenure, 'elsewhere');
      this.#standInLine(tenure, locks);
    });
  }

  #settle(tenure: Tenure, claim: Claim): void {
    const before = tenure.claim;
    tenure.claim = claim;
    tenure.known.resolve(claim);
    if (this.#current !== tenure || before === claim) return;
    if (before !== 'unknown' || claim === 'elsewhere') this.#parts.onClaim(claim);
  }

  #hear(message: unknown): void {
    const { type, notebook } = (message ?? {}) as { readonly type?: unknown; readonly notebook?: unknown };
    const tenure = this.#current;
    if (tenure === null || notebook !== tenure.notebook) return;
    if (type === 'ready') this.#onReady?.();
    if (type !== 'let-go' || tenure.claim !== 'mine') return;
    void this.#parts.letGo().finally(() => {
      // From here on nothing of this tab is saved; the lock itself is about to be stolen.
      this.#settle(tenure, 'elsewhere');
      this.#parts.channel?.post({ type: 'ready', notebook });
    });
  }
}

function createTenure(notebook: string): Tenure {
  return {
    notebook,
    waiting: new AbortController(),
    claim: 'unknown',
    known: deferred(),
    release: null,
  };
}

function nameOf(notebook: string): string {
  return `tutti-notebook ${notebook}`;
}
