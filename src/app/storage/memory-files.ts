import type { WorkspaceFile } from '../../protocol/file-messages.ts';
import type { FileStore } from './file-store.ts';
import { faultOf } from './storage-failure.ts';

/**
 * A file store that goes on in memory where the browser refuses storage (a private window, site data blocked): files
 * are there until the page is closed, which `onRefused` may say, once, when there is one. Any other failure stays one.
 */
export function orInMemory(store: FileStore, onRefused: () => void): FileStore {
  let memory: FileStore | null = null;
  let isTold = false;
  const using = async <T>(work: (store: FileStore) => Promise<T>): Promise<T> => {
    if (memory) return work(memory);
    try {
      return await work(store);
    } catch (error) {
      if (faultOf(error) !== 'refused') throw error;
      memory ??= createMemoryFiles();
      return work(memory);
    }
  };
  return {
    list: (notebook) => using((files) => files.list(notebook)),
    put: async (notebook, file) => {
      await using((files) => files.put(notebook, file));
      if (memory && !isTold) {
        isTold = true;
        onRefused();
      }
    },
    remove: (notebook, name) => using((files) => files.remove(notebook, name)),
    clear: (notebook) => using((files) => files.clear(notebook)),
  };
}

function createMemoryFiles(): FileStore {
  const workspaces = new Map<string, Map<string, WorkspaceFile>>();
  const of = (notebook: string): Map<string, WorkspaceFile> => {
    const found = workspaces.get(notebook) ?? new Map<string, WorkspaceFile>();
    workspaces.set(notebook, found);
    return found;
  };
  return {
    list: (notebook) =>
      Promise.resolve([...of(notebook).values()].sort((a, b) => (a.name < b.name ? -1 : 1))),
    put: (notebook, file) => {
      of(notebook).set(file.name, file);
      return Promise.resolve();
    },
    remove: (notebook, name) => {
      of(notebook).delete(name);
      return Promise.resolve();
    },
    clear: (notebook) => {
      workspaces.delete(notebook);
      return Promise.resolve();
    },
  };
}
