import { normalName } from '../protocol/file-name.ts';
import { formatCount, plural } from '../ui/format.ts';
import { messageOf } from './notices.ts';

/** A file under the name that cells will read it by: folders by `/`. */
export interface NamedFile {
  readonly name: string;
  readonly file: File;
}

/** What a drop brings, and what of it is not taken, in sentences for the reader. */
export interface Dropped {
  readonly files: readonly NamedFile[];
  readonly notes: readonly string[];
}

/** Of folders no more are looked through. */
const MOST_FILES = 1000;
const MOST_FOLDERS = 5000;

/** Files, and folders with all that is in them. To be called while the event is there: what it has, it has then. */
export function readDropped({ items }: DataTransfer): Promise<Dropped> {
  const found = [...items].filter(({ kind }) => kind === 'file');
  const entries = found.map((item) => item.webkitGetAsEntry() ?? item.getAsFile());
  return filesIn(entries.filter((entry) => entry !== null));
}

/** The files of a choice, under names that can be asked for. */
export function namedFiles(files: readonly File[]): Dropped {
  const taken = new Taken();
  for (const file of files) taken.add(file.name, file);
  return taken.dropped();
}

/** What lies in folders begins with their names. Left out is what is hidden in them, and what is too much. */
export async function filesIn(entries: readonly (File | FileSystemEntry)[]): Promise<Dropped> {
  const taken = new Taken();
  const waiting: { readonly path: string; readonly entry: File | FileSystemEntry }[] = entries.map(
    (entry) => ({
      path: '',
      entry,
    }),
  );
  let folders = 0;
  for (const { path, entry } of waiting) {
    const name = path + entry.name;
    if (path !== '' && entry.name.startsWith('.')) continue;
    try {
      if (entry instanceof File) taken.add(name, entry);
      else if (isFolder(entry)) {
        if (taken.isFull || ++folders > MOST_FOLDERS) taken.stopped = true;
        else waiting.push(...(await childrenOf(entry)).map((child) => ({ path: `${name}/`, entry: child })));
      } else if (taken.isFull && path !== '') taken.stopped = true;
      else taken.add(name, await fileOf(entry as FileSystemFileEntry));
    } catch (error) {
      taken.refuse(name, messageOf(error));
    }
  }
  return taken.dropped(folders > 0);
}

class Taken {
  stopped = false;
  readonly #files: NamedFile[] = [];
  readonly #refused: { readonly name: string; readonly why: string }[] = [];

  get isFull(): boolean {
    return this.#files.length >= MOST_FILES;
  }

  add(path: string, file: File): void {
    try {
      this.#files.push({ name: normalName(path.replace(/[\u0000-\u001f]/g, '-')), file });
    } catch (error) {
      this.refuse(path, messageOf(error));
    }
  }

  refuse(name: string, why: string): void {
    this.#refused.push({ name, why });
  }

  dropped(fromFolders = false): Dropped {
    const notes: string[] = [];
    const [first, ...others] = this.#refused;
    if (first) {
      const more = others.length === 0 ? '' : ` The same with ${plural(others.length, 'other file')}.`;
      notes.push(`${first.name} could not be taken: ${first.why}${more}`);
    }
    if (this.stopped)
      notes.push(
        `The first ${formatCount(this.#files.length)} files of the folder were taken: no more are at a time.`,
      );
    if (fromFolders && this.#files.length === 0 && notes.length === 0)
      notes.push('There are no files in this folder, or only hidden ones.');
    return { files: this.#files, notes };
  }
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

/** The browser gives them a hundred at a time. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return children.sort((a, b) => (a.name < b.name ? -1 : 1));
    children.push(...some);
  }
}
