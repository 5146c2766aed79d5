/**
 * Files of the workspace on their way. Contents travel as `Blob`s, which clone by reference: a message with a
 * file of a gigabyte is as small as one with an empty file, and who reads a slice reads no more than that.
 */
export interface WorkspaceFile {
  /** Unique in the workspace; folders by `/`, none at the front. */
  readonly name: string;
  readonly blob: Blob;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

export type FileChange =
  | { readonly type: 'write'; readonly name: string; readonly blob: Blob }
  /** Removing what is not there is no error. */
  | { readonly type: 'remove'; readonly name: string };

/** To a worker (kernel or engine), beside its own messages and in order with them. */
export type ToFileUser =
  /** All files there are; replaces what was told before. */
  | { readonly type: 'files'; readonly files: readonly WorkspaceFile[] }
  /** The answer to `change-file`: a sentence why not, or null. `files` with the change came before. */
  | { readonly type: 'file-changed'; readonly n: number; readonly failure: string | null };

export type FromFileUser = {
  readonly type: 'change-file';
  readonly n: number;
  readonly change: FileChange;
};
