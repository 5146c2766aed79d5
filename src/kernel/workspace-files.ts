/** The files beside the notebook, as the kernel's owner has them: for %run and %load. */
export interface WorkspaceFiles {
  /** The text of a file; null when there is no such file. */
  readFile(name: string): Promise<string | null>;
  /** For messages and completion. */
  list(): Promise<readonly string[]>;
}

/** Where nobody keeps files. */
export const NO_FILES: WorkspaceFiles = {
  readFile: () => Promise.resolve(null),
  list: () => Promise.resolve([]),
};
