import type { NotebookDocument } from '../notebook/document.ts';
import { readNotebook } from '../notebook/ipynb.ts';
import { decodeLink, isNotebookLink } from '../notebook/share-link.ts';
import { newCellId, newDocumentId } from './names.ts';
import { fetchText } from './notebook-sources.ts';
import { deflateCodec } from './storage/deflate-codec.ts';

/**
 * The notebook that the page's address names: `#nb=…` holds it, `?nb=<url>` says where it lies. Null when the
 * address names none. Rejects with a sentence for the reader.
 */
export async function notebookInAddress(address: URL): Promise<NotebookDocument | null> {
  if (isNotebookLink(address.hash)) {
    return decodeLink(address.hash, deflateCodec, {
      id: newDocumentId(),
      name: null,
      createCellId: newCellId,
    });
  }
  const elsewhere = address.searchParams.get('nb');
  return elsewhere === null ? null : fetchNotebook(elsewhere, address);
}

async function fetchNotebook(text: string, base: URL): Promise<NotebookDocument> {
  const url = URL.parse(text, base.href);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`'${text}' is not an address of the web.`);
  const name = decodeURIComponent(url.pathname.split('/').at(-1) ?? '').replace(/\.ipynb$/i, '');
  return readNotebook(await fetchText(url), {
    id: newDocumentId(),
    name: name === '' ? null : name,
    origin: 'elsewhere',
    createCellId: newCellId,
  });
}

/** The page's own address, without a notebook in it. */
export function plainAddress(): string {
  return location.pathname;
}
