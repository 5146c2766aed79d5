/**
 * Names of notebooks, as they are shown, and of the files that they become. One rule for names that people type, that
 * files bring along, and that stand in addresses.
 */

/** Characters of a name. */
const MOST = 200;
/** Bytes of a file's name before its ending: of the 255 that file systems take, some are for ` (1)` and the like. */
const MOST_BYTES = 200;

/** In one line, without `.ipynb`, without what cannot be seen or turns the direction of what stands around it; empty when
 * nothing is left, as of `..`. */
export function notebookName(text: string): string {
  const seen = text.replace(UNSEEN, '').replace(/[\s\p{Cc}]+/gu, ' ');
  const name = cut(seen.trim(), MOST)
    .replace(/(?:\.ipynb)+$/i, '')
    .trim();
  return /^[.\s]*$/.test(name) ? '' : name;
}

/** Marks of direction, halves of characters, and what has no width; not what joins letters of some scripts. */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\p{Cs}]/gu;

/** The file of that name and ending (`ipynb`; empty: none), which every file system takes: no signs with a meaning, no name of a
 * device, not too long, not hidden. */
export function fileName(name: string, ending: string): string {
  const plain = notebookName(name)
    .replace(/[\\/:*?"<>|]/g, '-')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  const stem = cut(plain, MOST_BYTES, bytesOf).replace(/[.\s]+$/, '') || 'Untitled';
  return `${DEVICES.test(stem) ? '_' : ''}${stem}${ending === '' ? '' : `.${ending}`}`;
}

/** Windows has them in every folder, whatever the ending. */
const DEVICES = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)/i;

const encoder = new TextEncoder();

function bytesOf(character: string): number {
  return encoder.encode(character).length;
}

/** Never between the halves of a character. */
function cut(text: string, most: number, sizeOf: (character: string) => number = () => 1): string {
  let size = 0;
  let kept = '';
  for (const character of text) {
    size += sizeOf(character);
    if (size > most) return kept;
    kept += character;
  }
  return text;
}
