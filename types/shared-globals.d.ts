/**
 * The few globals that every realm of ours has (page, frame, worker, Node) and that the language's own
 * library does not declare. The pure rooms are compiled against these alone, so that the compiler itself
 * refuses `document`, `postMessage` or `fetch` in them.
 */

declare const console: {
  log(...args: unknown[]): void;
  info(...args: unknown[]): void;
  debug(...args: unknown[]): void;
  warn(...args: unknown[]): void;
  error(...args: unknown[]): void;
};

declare function structuredClone<T>(value: T, options?: { transfer?: ArrayBuffer[] }): T;
declare function queueMicrotask(callback: () => void): void;
declare function setTimeout(callback: () => void, ms?: number): number;
declare function clearTimeout(id: number | undefined): void;

declare const performance: { now(): number; readonly timeOrigin: number };

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}
/** A file, or a part of one: a handle that clones by reference and is read when it is asked. */
declare class Blob {
  constructor(parts?: (string | ArrayBuffer | ArrayBufferView | Blob)[], options?: { type?: string });
  readonly size: number;
  readonly type: string;
  slice(start?: number, end?: number, type?: string): Blob;
  arrayBuffer(): Promise<ArrayBuffer>;
  text(): Promise<string>;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
}
interface ReadableStream<T> {
  getReader(): {
    read(): Promise<{ done: false; value: T } | { done: true; value: T | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}
declare function btoa(text: string): string;
declare function atob(text: string): string;

declare class DOMException extends Error {
  constructor(message?: string, name?: string);
}
