import type { Notice, PageStore } from '../ui/stores/page-store.ts';

/** More than this and the oldest go: a flood of notices must not push the notebook away. */
const SHOWN = 50;

/** What the app tells the reader outside of cells: banners, and words for screen readers. */
export interface Notices {
  readonly show: (level: Notice['level'], text: string, lost?: Notice['lost']) => void;
  readonly dismiss: (id: number) => void;
  readonly announce: (text: string) => void;
}

export function createNotices(page: PageStore): Notices {
  let last = 0;
  return {
    show(level, text, lost) {
      const { notices } = page.getState();
      if (notices.some((notice) => notice.text === text)) return;
      const notice: Notice = { id: ++last, level, text, ...(lost ? { lost } : {}) };
      page.setState({ notices: [...notices, notice].slice(-SHOWN) });
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
