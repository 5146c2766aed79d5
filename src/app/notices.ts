import { gatheredNotices } from '../ui/shell/gathered-notices.ts';
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
  const announce = (text: string): void => {
    page.setState(({ announcement }) => ({ announcement: { text, count: announcement.count + 1 } }));
  };
  return {
    announce,
    show(level, text, lost) {
      const { notices } = page.getState();
      if (notices.some((notice) => notice.text === text)) return;
      const notice: Notice = { id: ++last, level, text, ...(lost ? { lost } : {}) };
      const shown = [...notices, notice].slice(-SHOWN);
      page.setState({ notices: shown });
      // An error's banner is an alert of its own.
      if (level === 'error') return;
      const before = gatheredNotices(notices);
      announce(
        gatheredNotices(shown)
          .filter((line) => !before.includes(line))
          .join(' '),
      );
    },
    dismiss(id) {
      page.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
    },
  };
}

/** An error's own sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
