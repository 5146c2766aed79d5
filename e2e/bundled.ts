import { readFileSync } from 'node:fs';
import type { NotebookPage } from './notebook-page.ts';

/** A cell of a notebook that comes with Tutti, as it stands in its file. */
export interface FileCell {
  readonly cell_type: string;
  readonly source: readonly string[];
}

export function cellsOf(name: string): readonly FileCell[] {
  const file = new URL(`../public/notebooks/${name}.ipynb`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cells: FileCell[] }).cells;
}

export function sourceOf(cell: FileCell | undefined): string {
  return cell?.source.join('') ?? '';
}

/** What each cell of the open notebook shows; nothing for those that show nothing. */
export async function shownBy(notebook: NotebookPage, cells: readonly FileCell[]): Promise<string[]> {
  const outputs: string[] = [];
  for (const [i, { cell_type }] of cells.entries()) {
    const output = notebook.output(i + 1);
    const isShown = cell_type === 'code' && (await output.count()) > 0;
    outputs.push(isShown ? ((await output.textContent()) ?? '') : '');
  }
  return outputs;
}
