import type { Clock } from '../base/clock.ts';
import type { FileChange, WorkspaceFile } from '../protocol/file-messages.ts';
import { formatBytes, plural } from '../ui/format.ts';
import type { PageStore } from '../ui/stores/page-store.ts';
import type { NamedFile } from './dropped-files.ts';
import { messageOf, type Notices } from './notices.ts';
import type { FileStore } from './storage/file-store.ts';
import { faultOf } from './storage/storage-failure.ts';

/** Bytes that the code of one notebook may keep: it shall not fill the disk and stop the saving of others. */
const WRITTEN_LIMIT = 1 << 30;
/** And so many files: each change tells kernel and engines of all. */
const MOST_WRITTEN = 1000;

/** The files of the open notebook: what is seen of them, what kernel and engines are told. */
export interface Workspace {
  /** Another notebook is open. */
  open(notebook: string): Promise<void>;
  /** The reader adds files. */
  add(files: readonly NamedFile[]): Promise<void>;
  /** The reader takes one away. */
  remove(name: string): Promise<void>;
  /** Code writes or removes one: a sentence why it cannot be, or null. Never rejects. */
  change(change: FileChange): Promise<string | null>;
  /** Undefined when there is none of this name. */
  find(name: string): WorkspaceFile | undefined;
  /** Measures the storage again. */
  measure(): Promise<void>;
}

export interface WorkspaceParts {
  readonly store: FileStore;
  readonly page: PageStore;
  readonly notices: Notices;
  readonly clock: Clock;
  readonly estimate: () => Promise<StorageEstimate>;
  /** Asks the browser not to clear what is kept; once, when there is something to keep. */
  readonly persist: () => Promise<unknown>;
  /** Tells kernel and engines. */
  readonly tell: (files: readonly WorkspaceFile[]) => void;
}

export function createWorkspace(parts: WorkspaceParts): Workspace {
  return new OpenWorkspace(parts);
}

class OpenWorkspace implements Workspace {
  readonly #parts: WorkspaceParts;
  #notebook = '';
  #files: readonly WorkspaceFile[] = [];
  /** Changes go one after the other: each tells the whole list. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: WorkspaceParts) {
    this.#parts = parts;
  }

  open(notebook: string): Promise<void> {
    this.#notebook = notebook;
    this.#show([]);
    return this.#inTurn(async () => {
      try {
        const files = await this.#parts.store.list(notebook);
        if (this.#notebook === notebook) this.#show(files);
      } catch (error) {
        if (faultOf(error) !== 'refused') {
          this.#parts.notices.show(
            'warning',
            `The files of this notebook cannot be read: ${messageOf(error)}`,
          );
        }
      }
      await this.measure();
    });
  }

  async add(files: readonly NamedFile[]): Promise<void> {
    const { notices, persist, clock } = this.#parts;
    const known = new Set(this.#files.map(({ name }) => name));
    const saved: string[] = [];
    const failure = await this.#apply('The files were not saved', async (store, notebook) => {
      for (const { name, file } of files) {
        try {
          await store.put(notebook, { name, blob: asPlain(file), modified: clock.now() });
          saved.push(name);
        } catch (error) {
          const left = files.length - saved.length - 1;
          const others = left === 0 ? 'was' : `and ${plural(left, 'other file')} were`;
          notices.show('error', `${name} ${others} not saved: ${this.#why(error)}`);
          return;
        }
      }
    });
    if (failure !== null) notices.show('error', failure);
    const replaced = saved.filter((name) => known.has(name));
    const added = saved.length - replaced.length;
    if (replaced.length > 0) notices.show('info', `${someOf(replaced)}: replaced by what you added.`);
    if (added > 0) notices.announce(`${plural(added, 'file')} added`);
    void persist().catch(() => undefined);
  }

  async remove(name: string): Promise<void> {
    const failure = await this.#remove(name);
    if (failure !== null) this.#parts.notices.show('error', failure);
  }

  async change(change: FileChange): Promise<string | null> {
    if (change.type === 'remove') return this.#remove(change.name);
    return this.#apply(`${change.name} was not saved`, async (store, notebook) => {
      const { name, blob } = change;
      this.#checkRoom(name, blob.size);
      await store.put(notebook, { name, blob: asPlain(blob), modified: this.#parts.clock.now() });
    });
  }

  /** In its turn, when those before it have been written. @throws RangeError with a clause. */
  #checkRoom(name: string, size: number): void {
    const others = this.#files.filter((file) => file.name !== name);
    if (others.length >= MOST_WRITTEN) {
      throw new RangeError(
        `this notebook has ${String(others.length)} files, and cells may not have more than ${String(MOST_WRITTEN)}. ` +
          'Remove some with files.remove(name), or write more into each.',
      );
    }
    const total = others.reduce((sum, { blob }) => sum + blob.size, size);
    if (total > WRITTEN_LIMIT) {
      throw new RangeError(
        `with it the files of this notebook would have ${formatBytes(total)}, and cells may keep ` +
          `${formatBytes(WRITTEN_LIMIT)}. Remove some with files.remove(name).`,
      );
    }
  }

  find(name: string): WorkspaceFile | undefined {
    return this.#files.find((file) => file.name === name);
  }

  async measure(): Promise<void> {
    try {
      const { usage, quota } = await this.#parts.estimate();
      const space = usage === undefined || quota === undefined ? null : { used: usage, quota };
      this.#parts.page.setState({ space });
    } catch {
      this.#parts.page.setState({ space: null });
    }
  }

  #remove(name: string): Promise<string | null> {
    return this.#apply(`${name} was not removed`, (store, notebook) => store.remove(notebook, name));
  }

  #apply(
    failed: string,
    work: (store: FileStore, notebook: string) => Promise<void>,
  ): Promise<string | null> {
    const notebook = this.#notebook;
    return this.#inTurn(async () => {
      try {
        await work(this.#parts.store, notebook);
        // Read back: the store's own Blobs stay readable, whatever becomes of the reader's file.
        const files = await this.#parts.store.list(notebook);
        if (this.#notebook === notebook) this.#show(files);
        await this.measure();
        return null;
      } catch (error) {
        return `${failed}: ${this.#why(error)}`;
      }
    });
  }

  #why(error: unknown): string {
    switch (faultOf(error)) {
      case 'quota':
        return 'the browser’s storage is full. Remove files or notebooks that you do not need.';
      case 'refused':
        return 'the browser gives this page no storage (a private window, or site data are blocked).';
      default:
        return messageOf(error);
    }
  }

  #show(files: readonly WorkspaceFile[]): void {
    this.#files = files;
    this.#parts.tell(files);
    this.#parts.page.setState({
      files: files.map(({ name, blob, modified }) => ({ name, size: blob.size, modified })),
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** A File is a promise about a file on disk, which may change there. */
function asPlain(blob: Blob): Blob {
  return blob.slice(0, blob.size, blob.type);
}

/** Names that a sentence can hold. */
const MOST_NAMES = 5;

function someOf(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(', ') + (rest > 0 ? ` and ${plural(rest, 'other file')}` : '');
}
