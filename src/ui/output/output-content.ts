import { textOfMarkup } from '../../notebook/markup-scan.ts';
import type { Output } from '../../protocol/outputs.ts';
import type { TableCell, TableForm } from '../../protocol/looking.ts';
import { isOtherText, jsonText, type Shown, tableOf, textOf } from './bundle.ts';

/** An output as it leaves the page: to the clipboard, or into a file. */
export interface OutputContent {
  /** As it reads; of pictures and Markdown their source. */
  readonly text: string;
  /** Base64, for pictures of points. */
  readonly image: { readonly type: string; readonly data: string } | null;
  /** Markup beside the text, for programs that take it. */
  readonly html: string | null;
  readonly extension: string;
  readonly type: string;
}

export function contentOf(output: Output, shown: Shown | null): OutputContent {
  switch (output.type) {
    case 'stream':
      return plain(output.text);
    case 'error':
      return plain(output.error.traceback.join('\n'));
    case 'composite-error':
      return plain([output.message, ...output.errors.flatMap(({ traceback }) => traceback)].join('\n'));
    case 'display':
    case 'result':
      return shown ? ofForm(shown, textOf(output.bundle.data['text/plain'] ?? '')) : plain('');
  }
}

function plain(text: string): OutputContent {
  return { text: withoutColours(text), image: null, html: null, extension: 'txt', type: 'text/plain' };
}

function ofForm(shown: Shown, words: string): OutputContent {
  const { mime, value } = shown;
  switch (mime) {
    case 'application/vnd.tutti.table+json': {
      const table = tableOf(shown);
      return { ...plain(separated(table, '\t')), extension: 'csv', type: 'text/csv' };
    }
    case 'application/vnd.tutti.value+json':
    case 'text/plain':
      return plain(words);
    case 'text/html':
      return {
        ...plain(textOfMarkup(textOf(value)).trim() || words),
        html: textOf(value),
        extension: 'html',
        type: mime,
      };
    case 'text/markdown':
      return { ...plain(textOf(value)), extension: 'md', type: mime };
    case 'text/latex':
      return { ...plain(textOf(value)), extension: 'tex', type: 'application/x-tex' };
    case 'image/svg+xml':
      return { ...plain(textOf(value)), extension: 'svg', type: mime };
    case 'image/png':
    case 'image/jpeg':
    case 'image/gif':
    case 'image/webp': {
      const data = textOf(value).replace(/\s/g, '');
      return { ...plain(words), image: { type: mime, data }, extension: mime.slice(6), type: mime };
    }
    default:
      if (isOtherText(mime))
        return { ...plain(textOf(value)), extension: mime === 'text/csv' ? 'csv' : 'txt', type: mime };
      return { ...plain(jsonText(value, 2)), extension: 'json', type: 'application/json' };
  }
}

/** What of it is on a clipboard: a picture, or text, with markup for programs that take it. */
export function clipTypes(content: OutputContent, shown: Shown | null): readonly ClipType[] {
  if (content.image || shown?.mime === 'image/svg+xml') return ['image/png'];
  const isMarkup = content.html !== null || shown?.mime === 'text/markdown';
  return isMarkup ? ['text/plain', 'text/html'] : ['text/plain'];
}

export type ClipType = 'text/plain' | 'text/html' | 'image/png';

/** What goes into a file of that form. HTML and SVG are harmless when they are opened from a disk. */
export async function fileOf(content: OutputContent, shown: Shown | null): Promise<Blob> {
  if (content.image) return new Blob([bytesOf(content.image.data)], { type: content.image.type });
  const isTable = shown?.mime === 'application/vnd.tutti.table+json';
  const text = isTable ? separated(tableOf(shown), ',') : (content.html ?? content.text);
  if (shown?.mime !== 'text/html' && shown?.mime !== 'image/svg+xml') {
    return new Blob([text], { type: content.type });
  }
  const { htmlFile, svgFile } = await import('./harmless-file.ts');
  return new Blob([shown.mime === 'text/html' ? htmlFile(text) : svgFile(text)], { type: content.type });
}

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Rows of cells; what holds the separator, quotes or line breaks is quoted (RFC 4180). */
export function separated({ columns, rows }: TableForm, separator: ',' | '\t'): string {
  const quoted = (cell: TableCell): string => {
    const text = cell === null ? '' : String(cell);
    return text.includes(separator) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => row.map(quoted).join(separator)).join('\n') + '\n';
}

/** Terminal colours are for the screen. */
function withoutColours(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}
