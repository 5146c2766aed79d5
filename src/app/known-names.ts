import type { NotebookStore } from '../ui/stores/notebook-store.ts';
import type { ClusterStore } from '../ui/stores/cluster-store.ts';
import type { Assist } from '../ui/editor/assist.ts';

interface Parts {
  readonly notebook: NotebookStore;
  readonly cluster: ClusterStore;
  /** Whether the kernel has the name; null when it does not say. */
  readonly kernelHas: (name: string) => Promise<boolean | null>;
}

/**
 * Whether a name is there where cells run, and when to ask again. Nothing is said before the engines have come, while
 * anything runs that may yet make the name, and of a joined cluster, whose engines do not tell their names.
 */
export function knownNames({ notebook, cluster, kernelHas }: Parts): Pick<Assist, 'knows' | 'onNames'> {
  const canBeTold = (): boolean => {
    const { engines, join } = cluster.getState();
    const isQuiet = engines.every(({ status }) => status === 'idle' || status === 'dead');
    return join === null && engines.length > 0 && isQuiet && isIdle(notebook);
  };
  return {
    knows: async (name) => {
      if (!canBeTold()) return null;
      if (cluster.getState().engines.some(({ names }) => names.includes(name))) return true;
      const has = await kernelHas(name);
      return canBeTold() ? has : null;
    },
    onNames: (listener) => {
      let before = canBeTold();
      const look = (): void => {
        const now = canBeTold();
        if (now && !before) listener();
        before = now;
      };
      const ends = [notebook.subscribe(look), cluster.subscribe(look)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

function isIdle(notebook: NotebookStore): boolean {
  const { kernel, runQueue } = notebook.getState().session;
  return kernel.status === 'idle' && runQueue.inFlight === null && runQueue.waiting.length === 0;
}
