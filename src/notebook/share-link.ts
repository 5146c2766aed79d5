/**
 * A notebook in the address: `#nb=` and base64url(deflate-raw(utf8(the file's JSON))), without outputs.
 * Nothing is sent anywhere, the link is the notebook. Reading is on its guard, for anybody can write a link:
 * what is too long, inflates too far or has too many cells is refused before it costs anything, and the
 * document is marked as coming from elsewhere, so that nothing of it runs unasked.
 */
import type { Json, NotebookDocument } from './document.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';
import { parseJson, NotebookFormatError } from './ipynb-json.ts';
import { notebookJson, readNotebook, type ReadOptions, type WriteOptions } from './ipynb.ts';
import { isJsonObject } from './cells.ts';

/** deflate-raw, which the realm provides. */
export interface LinkCodec {
  deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  /** Resolves to null as soon as more than `limit` bytes have come out; rejects when it is not deflate. */
  inflate(bytes: Uint8Array<ArrayBuffer>, limit: number): Promise<Uint8Array | null>;
}

export type LinkFault =
  'not-a-link' | 'not-base64url' | 'not-deflate' | 'not-json' | 'not-a-notebook' | 'too-large';

export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly fault: LinkFault;

  constructor(fault: LinkFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

/** Characters of base64url. */
export const MAX_LINK_TEXT = 200_000;
export const MAX_INFLATED_BYTES = 4 * 1024 * 1024;
const MAX_LINK_CELLS = 2000;

const KEY = 'nb=';

/** The fragment, `#nb=…`, to put behind the page's address. */
export async function encodeLink(
  document: NotebookDocument,
  codec: LinkCodec,
  options: WriteOptions = { outputs: false },
): Promise<string> {
  // A file has its name from outside; a link has no outside.
  const titled = { ...document, metadata: { ...document.metadata, title: document.name } };
  const bytes = new TextEncoder().encode(JSON.stringify(notebookJson(titled, options)));
  return `#${KEY}${toBase64Url(await codec.deflate(bytes))}`;
}

/** Whether `fragment` (with or without its `#`) is a link of ours at all. */
export function isNotebookLink(fragment: string): boolean {
  return fragment.replace(/^#/, '').startsWith(KEY);
}

/** The notebook in `fragment`. Rejects with LinkError. */
export async function decodeLink(
  fragment: string,
  codec: LinkCodec,
  options: Omit<ReadOptions, 'origin'>,
): Promise<NotebookDocument> {
  const text = await inflated(packedIn(fragment), codec);
  refuseManyCells(text);
  try {
    return readNotebook(text, { ...options, origin: 'elsewhere' });
  } catch (error) {
    if (!(error instanceof NotebookFormatError)) throw error;
    throw new LinkError('not-a-notebook', `The link holds no notebook: ${error.message}`);
  }
}

function packedIn(fragment: string): Uint8Array<ArrayBuffer> {
  if (!isNotebookLink(fragment)) {
    throw new LinkError(
      'not-a-link',
      'The address holds no notebook: its fragment does not begin with #nb=.',
    );
  }
  const text = fragment.replace(/^#/, '').slice(KEY.length);
  if (text.length > MAX_LINK_TEXT) throw tooLarge(`it has ${count(text.length, 'character')}`);
  const bytes = fromBase64Url(text);
  if (bytes === null) {
    throw new LinkError('not-base64url', 'The link is damaged: it has characters that no link of ours has.');
  }
  return bytes;
}

async function inflated(bytes: Uint8Array<ArrayBuffer>, codec: LinkCodec): Promise<string> {
  const plain = await codec.inflate(bytes, MAX_INFLATED_BYTES).catch(() => {
    throw new LinkError('not-deflate', 'The link is damaged or was cut short: it cannot be unpacked.');
  });
  if (plain === null) throw tooLarge('unpacked, it is larger than 4 MiB');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(plain);
  } catch {
    throw new LinkError('not-json', 'The link is damaged: what it holds is not text.');
  }
}

function refuseManyCells(text: string): void {
  const json = parseLinkJson(text);
  const cells = isJsonObject(json) && Array.isArray(json['cells']) ? json['cells'].length : 0;
  if (cells > MAX_LINK_CELLS) throw tooLarge(`it has ${count(cells, 'cell')}`);
}

function parseLinkJson(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LinkError('not-json', `The link holds no notebook: ${why}`);
  }
}

function tooLarge(what: string): LinkError {
  return new LinkError('too-large', `The link is too large to open: ${what}. Ask for the file instead.`);
}

function count(n: number, noun: string): string {
  return `${n.toLocaleString('en')} ${noun}s`;
}

/** How far a link of this length will get: `green` through chats that cut at 2,000 characters, `amber` through
 * most programs, `red` through browsers only, `too-long` not even those; then a file is the way. */
export type LinkVerdict = 'green' | 'amber' | 'red' | 'too-long';

/** `length`: of the whole address, in characters. */
export function linkVerdict(length: number): LinkVerdict {
  if (length < 2000) return 'green';
  if (length < 8000) return 'amber';
  return length < 80_000 ? 'red' : 'too-long';
}
