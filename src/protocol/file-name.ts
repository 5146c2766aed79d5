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
