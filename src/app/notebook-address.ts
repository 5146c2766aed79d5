import type { NotebookDocument } from '../notebook/document.ts';
import { readNotebook } from '../notebook/ipynb.ts';
import { withSource } from '../notebook/source-address.ts';
import { decodeLink, isNotebookLink } from '../notebook/share-link.ts';
import { fetchText } from './bounded-fetch.ts';
import { systemTimers } from '../base/clock.ts';
import type { OpeningScreen } from './opening/opening-screen.ts';
import { newCellId, newDocumentId } from './names.ts';
import { deflateCodec } from './storage/deflate-codec.ts';

/**
 * What the page's address asks for. `#nb=…` holds a notebook, `?nb=<url>` says where one lies, `#notebook=<key>`
 * names one that is kept in this browser or comes with Tutti, `#start` is the start page; anything else asks for
 * nothing in particular.
 */
export type Destination =
  /** `read` rejects with a sentence for the reader. */
  | {
      readonly type: 'carried';
      /** Where it comes from; null: it is in the address itself. */
      readonly host: string | null;
      readonly read: (screen?: OpeningScreen) => Promise<NotebookDocument>;
    }
  | { readonly type: 'named'; readonly key: string }
  | { readonly type: 'start' }
  | { readonly type: 'none' };

const NAMED = '#notebook=';
const START = '#start';

export function destinationOf(address: URL): Destination {
  const { hash } = address;
  if (isNotebookLink(hash)) {
    const read = () =>
      decodeLink(hash, deflateCodec, { id: newDocumentId(), name: null, createCellId: newCellId });
    return { type: 'carried', host: null, read };
  }
  if (hash.startsWith(NAMED)) return { type: 'named', key: decoded(hash.slice(NAMED.length)) };
  if (hash === START) return { type: 'start' };
  const elsewhere = address.searchParams.get('nb');
  if (elsewhere === null) return { type: 'none' };
  const host = URL.parse(elsewhere, address.href)?.host ?? null;
  return { type: 'carried', host, read: (screen) => fetchNotebook(elsewhere, address, screen) };
}

async function fetchNotebook(text: string, base: URL, screen?: OpeningScreen): Promise<NotebookDocument> {
  const url = URL.parse(text, base.href);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`'${text}' is not an address of the web.`);
  const name = decoded(url.pathname.split('/').at(-1) ?? '');
  const file = await fetchText(url, {
    timers: systemTimers,
    ...(screen && { signal: screen.signal, onProgress: screen.progress }),
  });
  const notebook = readNotebook(file, {
    id: newDocumentId(),
    name: name === '' ? null : name,
    origin: 'elsewhere',
    createCellId: newCellId,
  });
  return withSource(notebook, url.origin + url.pathname);
}

/** Percent signs read, where they can be. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The page's own address, without a notebook in it. */
export function plainAddress(): string {
  return location.pathname;
}

/** The address under which a notebook of this browser is found again. */
export function addressOf(key: string): string {
  return `${plainAddress()}${NAMED}${encodeURIComponent(key)}`;
}

/**
 * Makes the address name the notebook that is open, so that a reload, the history and a bookmark come back to it.
 * What asked for something in particular keeps its entry in the history, unless this is the notebook it carried.
 */
export function showInAddress(key: string, isCarried = false): void {
  const wanted = addressOf(key);
  if (location.pathname + location.search + location.hash === wanted) return;
  const { type } = destinationOf(new URL(location.href));
  if (type === 'none' || isCarried) history.replaceState(null, '', wanted);
  else history.pushState(null, '', wanted);
}

export function showStartInAddress(): void {
  if (location.hash !== START) history.pushState(null, '', plainAddress() + START);
}
