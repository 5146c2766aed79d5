import type { WorkspaceFile } from '../../protocol/file-messages.ts';
import { normalName } from '../../protocol/file-name.ts';

/** Endings that may be left out where code is meant, as in `%run hints`. */
const CODE_ENDINGS = ['.ts', '.js', '.mjs', '.tsx', '.jsx', '.txt'];

export function findFile(files: readonly WorkspaceFile[], name: unknown): WorkspaceFile | undefined {
  const wanted = normalName(name);
  return files.find((file) => file.name === wanted);
}

/** The same for code: its ending may be left out. */
export function findCode(files: readonly WorkspaceFile[], name: unknown): WorkspaceFile | undefined {
  const wanted = normalName(name);
  for (const ending of ['', ...CODE_ENDINGS]) {
    const found = files.find((file) => file.name === wanted + ending);
    if (found) return found;
  }
  return undefined;
}

/** `There is no file "x". There are: a, b.` */
export function missing(files: readonly WorkspaceFile[], name: unknown): string {
  const names = files.map((file) => file.name);
  const some = names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '');
  const what = names.length === 0 ? 'The workspace has no files.' : `There are: ${some}.`;
  return `There is no file ${JSON.stringify(name)}. ${what}`;
}
