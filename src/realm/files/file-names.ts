import type { WorkspaceFile } from '../../protocol/file-messages.ts';

/** Endings that may be left out where code is meant, as in `%run hints`. */
const CODE_ENDINGS = ['.ts', '.js', '.mjs', '.tsx', '.jsx', '.txt'];

/**
 * The name under which a file is kept. The workspace is the top: `./a`, `/a` and `../a` are `a`.
 * @throws TypeError for what cannot be a name.
 */
export function normalName(name: unknown): string {
  if (typeof name !== 'string') throw new TypeError(`A file has a name, a text, not ${typeof name}.`);
  const parts = name.replaceAll('\\', '/').split('/');
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '' || part === '.') continue;
    if (part === '..') kept.pop();
    else kept.push(part);
  }
  const normal = kept.join('/');

  if (normal === '' || normal.length > 255 || /[\u0000-\u001f]/.test(normal)) {
    throw new TypeError(
      `${JSON.stringify(name)} cannot be the name of a file: 1 to 255 characters, none of them a control character.`,
    );
  }
  return normal;
}

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
