import type { WorkspaceFile } from '../../protocol/file-messages.ts';
import { normalName } from '../../protocol/file-name.ts';
import { findCode, findFile, missing } from './file-names.ts';
import type { FilesHost } from './files-host.ts';

/** One line of `files.list()`. */
export interface FileInfo {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** MIME type, empty when it is not known. */
  readonly type: string;
  readonly modified: Date;
}

/** What can be written: a text (as UTF-8), bytes, or a Blob. */
export type FileData = string | ArrayBuffer | ArrayBufferView | Blob;

/**
 * The files of the workspace: what was dropped into the notebook, and what cells have written. The same object is
 * in the kernel and on every engine, and nothing is copied to them: each reads what it asks for, when it asks.
 *
 * Reading gives promises; `…Sync` waits. A name that is not there throws FileNotFoundError, which lists those
 * that are.
 */
export interface Files {
  /** All files, by name. */
  list(): FileInfo[];
  has(name: string): boolean;
  /** The file itself, as a Blob: a handle, nothing is read. */
  get(name: string): Blob;
  /** As UTF-8. */
  text(name: string): Promise<string>;
  json(name: string): Promise<unknown>;
  bytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Bytes from `start` up to, not including, `end` (default: to the end); negative counts from the end. Only
   * these are read. */
  slice(name: string, start?: number, end?: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Chunks of bytes as they are read. */
  stream(name: string): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Line by line, without the line breaks: `for await (const line of files.lines(name))`. With `start` and `end`
   * (bytes): the lines that begin there, so that engines can share a big file out among them. */
  lines(name: string, start?: number, end?: number): AsyncIterableIterator<string>;
  textSync(name: string): string;
  bytesSync(name: string): Uint8Array<ArrayBuffer>;
  /** Makes or replaces a file. Resolves when it is kept; from then on every engine sees it. Rejects when storage
   * is full or refused. */
  write(name: string, data: FileData): Promise<void>;
  /** Removing what is not there is no error. */
  remove(name: string): Promise<void>;
}

export interface FilesParts {
  readonly host: FilesHost;
  /** The error for a file that is not there. */
  readonly notFound: (message: string) => Error;
}

export function createFiles({ host, notFound }: FilesParts): Files {
  const found = (name: unknown): WorkspaceFile => {
    const files = host.list();
    const file = findFile(files, name);
    if (!file) throw notFound(missing(files, name));
    return file;
  };
  const readSync = (blob: Blob, twin: string): ArrayBuffer => {
    if (host.readSync === null)
      throw new Error(`Files cannot be read without waiting here: use \`${twin}\`.`);
    return host.readSync(blob);
  };
  return {
    list: () =>
      host.list().map(({ name, blob, modified }) => ({
        name,
        size: blob.size,
        type: blob.type,
        modified: new Date(modified),
      })),
    has: (name) => findFile(host.list(), name) !== undefined,
    get: (name) => found(name).blob,
    text: async (name) => found(name).blob.text(),
    json: async (name) => {
      const text = await found(name).blob.text();
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        throw new SyntaxError(
          `${JSON.stringify(name)} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
          { cause: error },
        );
      }
    },
    bytes: async (name) => new Uint8Array(await found(name).blob.arrayBuffer()),
    slice: async (name, start, end) => new Uint8Array(await found(name).blob.slice(start, end).arrayBuffer()),
    stream: (name) => found(name).blob.stream(),
    lines: (name, start, end) => linesOf(found(name).blob, start, end),
    textSync: (name) => new TextDecoder().decode(readSync(found(name).blob, 'await files.text(name)')),
    bytesSync: (name) => new Uint8Array(readSync(found(name).blob, 'await files.bytes(name)')),
    write: async (name, data) => {
      await host.change({ type: 'write', name: normalName(name), blob: blobOf(data) });
    },
    remove: async (name) => {
      await host.change({ type: 'remove', name: normalName(name) });
    },
  };
}

/** Reads code by a name whose ending may be left out: at once where the realm can, else by a promise. */
export function createSourceReader({
  host,
  notFound,
}: FilesParts): (name: string) => string | Promise<string> {
  return (name) => {
    const files = host.list();
    const file = findCode(files, name);
    if (!file) throw notFound(missing(files, name));
    return host.readSync === null ? file.blob.text() : new TextDecoder().decode(host.readSync(file.blob));
  };
}

function blobOf(data: unknown): Blob {
  if (data instanceof Blob) return data;
  if (typeof data === 'string') return new Blob([data], { type: 'text/plain' });
  if (ArrayBuffer.isView(data)) return new Blob([bytesOf(data)]);
  if (data instanceof ArrayBuffer) return new Blob([data]);
  throw new TypeError(
    'files.write takes a text, bytes (an ArrayBuffer or a typed array) or a Blob; for other values: ' +
      'files.write(name, JSON.stringify(value)).',
  );
}

/** A copy, as a Blob takes no shared memory. */
function bytesOf(view: ArrayBufferView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}

/**
 * The lines that begin at or after `start` and before `end`. Whoever cuts a file anywhere gets every line exactly
 * once: the line that a cut goes through belongs to the part in which it begins.
 */
async function* linesOf(blob: Blob, start = 0, end = blob.size): AsyncIterableIterator<string> {
  // From the byte before: a line begins at `start` only if that one is a line break.
  const from = Math.max(0, start - 1);
  const reader = blob.slice(from).stream().getReader();
  const decoder = new TextDecoder();
  /** Bytes of the line under way; where it began in the file. */
  let rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  let at = from;
  let isFirst = start > 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const bytes = rest.length === 0 ? value : joined(rest, value);
      let lineStart = 0;
      for (let i = bytes.indexOf(10, rest.length); i >= 0; i = bytes.indexOf(10, lineStart)) {
        if (!isFirst) {
          if (at >= end) return;
          yield withoutReturn(decoder.decode(bytes.subarray(lineStart, i)));
        }
        isFirst = false;
        at += i + 1 - lineStart;
        lineStart = i + 1;
      }
      if (at >= end && !isFirst) return;
      rest = bytes.slice(lineStart);
    }
    if (!isFirst && rest.length > 0 && at < end) yield withoutReturn(decoder.decode(rest));
  } finally {
    void reader.cancel();
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
