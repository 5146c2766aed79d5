import type { KeyValues } from './key-values.ts';

/**
 * Which pages of ours are alive. Each holds a Web Lock of its own name for as long as it lives; the browser takes it
 * when the page is closed, replaced or killed, so what a dead page has left behind may be taken up by another.
 */
export interface TabLife {
  /** Of this page: another one after each reload. */
  readonly id: string;
  /** Of the page that was in this tab before a reload; null where that is not known. */
  readonly former: string | null;
  /** Those that are alive. Where the browser has no locks: none that is known. */
  alive(): Promise<ReadonlySet<string>>;
}

interface LifeParts {
  readonly id: string;
  /** Null where the browser has none. */
  readonly locks: Pick<LockManager, 'request' | 'query'> | null;
  /** The tab's own storage. */
  readonly session: KeyValues;
  readonly page: Pick<Window, 'addEventListener'>;
}

const LOCK = 'tutti-tab-';
const FORMER = 'former';

export function createTabLife({ id, locks, session, page }: LifeParts): TabLife {
  // Never let go of.
  locks?.request(LOCK + id, () => new Promise<never>(() => undefined)).catch(() => undefined);
  const former = session.get(FORMER);
  // A tab that is duplicated has a copy of its storage: only a page that has gone stands there.
  session.remove(FORMER);
  page.addEventListener('pagehide', () => {
    session.set(FORMER, id);
  });
  page.addEventListener('pageshow', () => {
    session.remove(FORMER);
  });
  return {
    id,
    former,
    async alive() {
      const { held = [] } = (await locks?.query().catch(() => ({ held: [] }))) ?? {};
      const names = held.map(({ name = '' }) => name).filter((name) => name.startsWith(LOCK));
      return new Set([id, ...names.map((name) => name.slice(LOCK.length))]);
    },
  };
}
