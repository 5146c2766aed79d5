/** The app's own files, as a build left them. */
export interface AppFiles {
  /** Of the build: a digest of all that follows. */
  readonly version: string;
  readonly files: readonly AppFile[];
}

export interface AppFile {
  /** Relative to the folder of index.html. */
  readonly path: string;
  /** SHA-256 in hexadecimal, of files whose contents may change under their name; null for names that hold a hash. */
  readonly digest: string | null;
}

/** The page as it is opened; it is kept last, so where it is all else is. */
export const INDEX = 'index.html';

/** What the page asks its service worker. Answered on the port that comes along. */
export type OfflineQuestion =
  /** All files are to be kept for when there is no network. Answered with `KeepAnswer`. */
  | { readonly type: 'keep' }
  /** Whether this file of the app is one of this build's. Answered with a boolean. */
  | { readonly type: 'has'; readonly path: string };

export type KeepAnswer = { readonly kept: true } | { readonly kept: false; readonly reason: string };
