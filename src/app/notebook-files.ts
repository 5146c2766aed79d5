import type { Language } from '../protocol/client-messages.ts';
import type { NotebookDocument } from '../notebook/document.ts';
import { readNotebook, writeNotebook } from '../notebook/ipynb.ts';
import { fileName } from '../notebook/notebook-name.ts';
import { scriptOf } from '../notebook/script.ts';
import { encodeLink, linkVerdict } from '../notebook/share-link.ts';
import { formatBytes } from '../ui/format.ts';
import type { ShareLink } from '../ui/commands.ts';
import { newCellId, newDocumentId } from './names.ts';
import { plainAddress } from './notebook-address.ts';
import { deflateCodec } from './storage/deflate-codec.ts';

const FILE_LIMIT = 256 << 20;

/** Rejects with a sentence for the reader. */
export async function readFile(file: File): Promise<NotebookDocument> {
  if (file.size > FILE_LIMIT)
    throw new Error(`it has ${formatBytes(file.size)}, and ${formatBytes(FILE_LIMIT)} is the limit.`);
  return readNotebook(await file.text(), {
    id: newDocumentId(),
    name: file.name.replace(/\.json$/i, ''),
    origin: 'elsewhere',
    createCellId: newCellId,
  });
}

export const NOTEBOOKS = '.ipynb,application/x-ipynb+json,application/json';

/** The browser's file dialog: one file of the kinds in `accept`, or any number of any kind. Resolves to none when
 * the reader thinks better of it. */
export function askForFiles(accept?: string): Promise<readonly File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  if (accept === undefined) input.multiple = true;
  else input.accept = accept;
  return new Promise((resolve) => {
    input.addEventListener('change', () => {
      resolve([...(input.files ?? [])]);
    });
    input.addEventListener('cancel', () => {
      resolve([]);
    });
    input.click();
  });
}

export function downloadNotebook(notebook: NotebookDocument): void {
  const blob = new Blob([writeNotebook(notebook)], { type: 'application/x-ipynb+json' });
  downloadBlob(blob, fileName(notebook.name, 'ipynb'));
}

export function downloadScript(notebook: NotebookDocument): void {
  downloadBlob(new Blob([scriptOf(notebook)], { type: 'text/typescript' }), fileName(notebook.name, 'ts'));
}

/** What draws the page is loaded when it is asked for. Rejects when it cannot be. */
export async function downloadPage(notebook: NotebookDocument, px: Language): Promise<void> {
  const [{ exportHtml }, link] = await Promise.all([
    import('../ui/export/export-html.tsx'),
    shareLink(notebook).catch(() => null),
  ]);
  const html = await exportHtml(notebook, {
    link: link && link.fits !== 'nowhere' ? link.url : null,
    px,
  });
  downloadBlob(new Blob([html], { type: 'text/html' }), fileName(notebook.name, 'html'));
}

export function downloadBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address when the click returns; it reads the blob a moment later.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

const VERDICTS = {
  green: { fits: 'anywhere', verdict: 'Short enough for chats and mail.' },
  amber: { fits: 'most', verdict: 'Most programs take it; chats that cut at 2,000 characters do not.' },
  red: {
    fits: 'browsers',
    verdict: 'Browsers take it; mail and chat programs will cut it. A file is safer.',
  },
  'too-long': { fits: 'nowhere', verdict: 'Too long for some browsers. Download the file and send that.' },
} as const;

export async function shareLink(notebook: NotebookDocument): Promise<ShareLink> {
  const url = location.origin + plainAddress() + (await encodeLink(notebook, deflateCodec));
  return { url, ...VERDICTS[linkVerdict(url.length)] };
}
