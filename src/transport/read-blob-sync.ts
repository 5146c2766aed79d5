import { isReadByOwner } from './read-blobs.ts';

/** Workers alone can read a Blob without waiting. */
interface SyncReader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}
const Reader = (globalThis as { FileReaderSync?: new () => SyncReader }).FileReaderSync;

/** Null where there is no such means. */
export const readBlobSync =
  Reader === undefined || isReadByOwner
    ? null
    : (blob: Blob): ArrayBuffer => new Reader().readAsArrayBuffer(blob);
