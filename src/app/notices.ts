import type { Notice, PageStore } from '../ui/stores/page-store.ts';

/** More than this and the oldest go: a flood of notices must not push the notebook away. */
const SHOWN = 50;

/** What the app tells the reader outside of cells: banners, and words for screen readers. */
export interface Notices {
  readonly show: (level: Notice['level'], text: string) => void;
  /** What the sandbox says, marked as such: code of the notebook can say the same. */
  readonly relay: (level: Notice['level'], text: string, lost?: Notice['lost']) => void;
  readonly dismiss: (id: number) => void;
  readonly announce: (text: string) => void;
}

export function createNotices(page: PageStore): Notices {
  let last = 0;
  const add = (said: Omit<Notice, 'id'>): void => {
    const { notices } = page.getState();
    if (notices.some(({ text, from }) => text === said.text && from === said.from)) return;
    page.setState({ notices: [...notices, { id: ++last, ...said }].slice(-SHOWN) });
  };
  return {
    show(level, text) {
      add({ level, text, from: 'app' });
    },
    relay(level, text, lost) {
      add({ level, text, from: 'notebook', ...(lost ? { lost } : {}) });
    },
    dismiss(id) {
      page.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
    },
    announce(text) {
      page.setState(({ announcement }) => ({ announcement: { text, count: announcement.count + 1 } }));
    },
  };
}

/** An error's own sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
