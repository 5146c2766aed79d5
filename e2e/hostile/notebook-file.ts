import { deflateRawSync } from 'node:zlib';

/** A notebook as a stranger may write it: any JSON, so that it need not be a valid one. */
export type NotebookFile = Readonly<Record<string, unknown>>;
export type CellFile = Readonly<Record<string, unknown>>;

export function notebookOf(cells: readonly CellFile[], metadata: object = {}): NotebookFile {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata,
    cells: cells.map((cell, i) => ({ id: `c${i + 1}`, metadata: {}, ...cell })),
  };
}

export function codeCell(source: string, outputs: readonly object[] = []): CellFile {
  return { cell_type: 'code', source, outputs, execution_count: null };
}

export function markdownCell(source: string, attachments: object = {}): CellFile {
  return { cell_type: 'markdown', source, attachments };
}

export function shown(data: object): object {
  return { output_type: 'display_data', data, metadata: {} };
}

export function printed(text: string, name = 'stdout'): object {
  return { output_type: 'stream', name, text };
}

export function failed(traceback: readonly string[]): object {
  return { output_type: 'error', ename: 'Error', evalue: 'e', traceback };
}

/** What is too deep for JSON.stringify: its place in the file is filled in as text. */
export class DeepJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): string {
    return `deep:${this.text}`;
  }
}

/** The part of a share link behind `#nb=`. */
export function linkTo(file: NotebookFile): string {
  const text = JSON.stringify(file).replace(/"deep:([^"]*)"/g, '$1');
  return deflateRawSync(text).toString('base64url');
}
