/**
 * What the page is opening, written down before it draws it. Is that still there when the next page starts, then the page
 * that wrote it crashed or hung on it, and it is not opened by itself again. A page that is closed or left while it
 * still answers takes its mark away: a reader who does not like to wait has not met a fault.
 */
import type { KeyValues } from '../journal/key-values.ts';
import type { TabLife } from '../journal/tab-life.ts';

export interface OpeningMarks {
  /** Whether an earlier page did not come to an end with it. */
  isStuck(what: string): Promise<boolean>;
  /** It is being opened: all the names that it has. */
  begin(names: readonly string[]): void;
  /** It is on the screen and the page answers, or it shall not be: nothing is held against it any more. */
  done(names: readonly string[]): void;
  /** The page ends while it answers. */
  readonly leave: () => void;
}

interface MarkParts {
  readonly store: KeyValues;
  readonly life: TabLife;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Mark {
  readonly names: readonly string[];
  readonly at: number;
}

/** Seconds after which a page that is alive and still opening something is taken to hang. */
const HANGS = 10;

export function createOpeningMarks({ store, life, now }: MarkParts): OpeningMarks {
  const marks = (): readonly (readonly [tab: string, mark: Mark])[] =>
    store.keys().flatMap((tab) => {
      const mark = readMark(store.get(tab));
      return mark ? [[tab, mark] as const] : [];
    });
  return {
    async isStuck(what) {
      const meant = marks().filter(([tab, { names }]) => tab !== life.id && names.includes(what));
      if (meant.length === 0) return false;
      const alive = await life.alive();
      return meant.some(
        ([tab, { at }]) => tab === life.former || !alive.has(tab) || now() - at > HANGS * 1000,
      );
    },
    begin(names) {
      store.set(life.id, JSON.stringify({ names, at: now() }));
    },
    done(names) {
      for (const [tab, mark] of marks()) {
        if (tab === life.id || mark.names.some((name) => names.includes(name))) store.remove(tab);
      }
    },
    leave() {
      store.remove(life.id);
    },
  };
}

function readMark(text: string | null): Mark | null {
  try {
    const read = JSON.parse(text ?? 'null') as Partial<Mark> | null;
    return Array.isArray(read?.names) && typeof read.at === 'number' ? (read as Mark) : null;
  } catch {
    return null;
  }
}

/** A short name for what an address carries or names. */
export function markOfText(text: string): string {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return `address:${String(text.length)}:${String(hash)}`;
}

export function markOfNotebook(key: string): string {
  return `notebook:${key}`;
}
