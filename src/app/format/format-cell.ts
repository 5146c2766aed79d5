import { splitMagics, type CellPart } from '../../lang/magics.ts';
import { KNOWN_MAGICS, takesCode } from '../types/cell-text.ts';

/** Formats JavaScript or TypeScript; ends it with a line break. Rejects what it cannot read. */
export type FormatCode = (code: string) => Promise<string>;

/**
 * A cell in the style of Prettier. Lines of magics and of help stay as they are: they stand between statements,
 * so what stands between them is code in itself. A cell that does not parse stays whole, as it was.
 */
export async function formatCell(source: string, format: FormatCode): Promise<string> {
  if (source.trim() === '') return source;
  try {
    const parts = splitMagics(source, { known: KNOWN_MAGICS });
    const texts = await Promise.all(
      parts.map((part, i) => formatPart(part, textOf(source, parts, i), format)),
    );
    return texts.join('').trimEnd();
  } catch {
    return source;
  }
}

async function formatPart(part: CellPart, text: string, format: FormatCode): Promise<string> {
  switch (part.kind) {
    case 'js':
      return text.trim() === '' ? text : format(text);
    case 'cell-magic': {
      const body = linesFrom(text, part.bodyLine - part.line);
      if (body.trim() === '' || !takesCode(part.name)) return text;
      return text.slice(0, text.length - body.length) + (await formatCell(body, format));
    }
    case 'line-magic':
    case 'help':
      return text;
  }
}

/** All lines of a part; comments before the first one are its too. */
function textOf(source: string, parts: readonly CellPart[], index: number): string {
  const from = index === 0 ? 1 : (parts[index]?.line ?? 1);
  const next = parts[index + 1]?.line;
  const rest = linesFrom(source, from - 1);
  return next === undefined ? rest : rest.slice(0, rest.length - linesFrom(source, next - 1).length);
}

/** The text behind the first `n` line breaks. */
function linesFrom(text: string, n: number): string {
  let at = 0;
  for (let i = 0; i < n; i++) at = text.indexOf('\n', at) + 1 || text.length;
  return text.slice(at);
}
