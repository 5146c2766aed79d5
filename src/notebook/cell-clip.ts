/**
 * Copied cells, as they lie on the system's clipboard: whole for notebooks, as text for all other programs. Pure.
 */
import type { CellId } from '../protocol/ids.ts';
import { newCell, newDocument } from './cells.ts';
import type { Cell } from './document.ts';
import { notebookJson, readNotebook } from './ipynb.ts';
import { textOfMarkup } from './markup-scan.ts';

/** The forms that a clipboard has or is given; empty: it has none. */
export interface ClipForms {
  /** A list of nbformat's cells, as JSON, under `CELLS_MIME`. */
  readonly cells: string;
  readonly text: string;
  readonly html: string;
}

/** JupyterLab's name for it. */
export const CELLS_MIME = 'application/vnd.jupyter.cells';

/** Characters of JSON, or the page would stand still: what is longer goes without outputs, and comes as text. */
export const MOST_CLIP = 32 << 20;

export function clipOf(cells: readonly Cell[]): ClipForms {
  const whole = jsonOf(cells, true);
  return {
    cells: whole.length > MOST_CLIP ? jsonOf(cells, false) : whole,
    text: cells.map(({ source }) => source).join('\n\n'),
    html: cells.map(htmlOf).join('\n'),
  };
}

/** Other notebooks know cells by the names in them, so these come without. */
function jsonOf(cells: readonly Cell[], outputs: boolean): string {
  const document = newDocument({ id: '', name: '', cellId: '' as CellId });
  return JSON.stringify(notebookJson({ ...document, cells }, { outputs })['cells']);
}

function htmlOf({ kind, source }: Cell): string {
  return kind === 'code' ? `<pre><code>${escaped(source)}</code></pre>` : `<pre>${escaped(source)}</pre>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * The cells that a clipboard stands for, under new ids: whole where it has them; else a code cell of its text, or of
 * the text in its HTML. None: there is nothing.
 */
export function cellsOf(forms: ClipForms, createCellId: () => CellId): readonly Cell[] {
  const isWhole = forms.cells !== '' && forms.cells.length <= MOST_CLIP;
  const whole = isWhole ? wholeCells(forms.cells, createCellId) : null;
  if (whole) return whole;
  const text = textOf(forms);
  return text === '' ? [] : [newCell(createCellId(), 'code', text)];
}

/** What a clipboard says, with plain line ends and none at the end. */
export function textOf({ text, html }: ClipForms): string {
  const said = text.trim() === '' ? textOfMarkup(html).trim() : text;
  return said.trim() === '' ? '' : said.replaceAll('\r\n', '\n').replace(/\n+$/, '');
}

/** Null for what is no list of cells: anybody may have written it. */
function wholeCells(json: string, createCellId: () => CellId): readonly Cell[] | null {
  try {
    const cells: unknown = JSON.parse(json);
    if (!Array.isArray(cells) || cells.length === 0) return null;
    const file = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
    const read = readNotebook(file, { id: '', name: null, origin: 'elsewhere', createCellId });
    return read.cells.map((cell) => ({ ...cell, id: createCellId() }));
  } catch {
    return null;
  }
}
