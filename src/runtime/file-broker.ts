import type { FileChange, FromFileUser, ToFileUser, WorkspaceFile } from '../protocol/file-messages.ts';
import type { Link } from '../protocol/link.ts';
import { isFromFileUser } from './kernel-guard.ts';

type FileLink = Link<FromFileUser, ToFileUser>;

/**
 * The workspace between the page, which keeps the files, and the workers, which read them: whoever is here is told
 * of all of them, at the beginning and at every change; what workers change goes to the page and its answer back.
 */
export class FileBroker {
  readonly #ask: (n: number, change: FileChange) => void;
  readonly #users = new Set<FileLink>();
  /** Changes that the page has not answered: who wants to know, under which number of theirs. */
  readonly #waiting = new Map<number, { readonly user: FileLink; readonly n: number }>();
  #files: readonly WorkspaceFile[] = [];
  #last = 0;

  constructor(ask: (n: number, change: FileChange) => void) {
    this.#ask = ask;
  }

  attach(user: FileLink): void {
    this.#users.add(user);
    if (this.#files.length > 0) user.post({ type: 'files', files: this.#files });
    user.onMessages((messages) => {
      for (const message of messages as readonly unknown[]) {
        if (!isFromFileUser(message)) continue;
        const { n, change } = message;
        this.#waiting.set(++this.#last, { user, n });
        this.#ask(this.#last, change);
      }
    });
    user.onLost(() => {
      this.#users.delete(user);
      for (const [n, waiting] of this.#waiting) if (waiting.user === user) this.#waiting.delete(n);
    });
  }

  tell(files: readonly WorkspaceFile[]): void {
    this.#files = files;
    for (const user of this.#users) user.post({ type: 'files', files });
  }

  answer(n: number, failure: string | null): void {
    const asker = this.#waiting.get(n);
    this.#waiting.delete(n);
    asker?.user.post({ type: 'file-changed', n: asker.n, failure });
  }
}
