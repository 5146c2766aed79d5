import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { assertExists } from '../base/assert.ts';
import type { CellId } from '../protocol/ids.ts';
import type { Commands } from './commands.ts';
import type { Assist } from './editor/assist.ts';
import type { StartSearch } from './find/search.ts';
import type { Looking } from './output/looking.ts';
import { type CellFace, facesOf } from './stores/cell-faces.ts';
import type { Variables } from './variables/variables.ts';
import type { ClusterStore, ClusterView } from './stores/cluster-store.ts';
import type { NotebookStore, NotebookView } from './stores/notebook-store.ts';
import type { PageStore, PageView } from './stores/page-store.ts';
import type { StreamStore, StreamView } from './stores/stream-store.ts';

/**
 * The room of what people see. Components show what the three stores hold and call `Commands`; they decide
 * nothing and reach for no global. Whoever mounts them provides both (`app`, or a test with stores of its own).
 */
export interface UiContext {
  readonly notebook: NotebookStore;
  readonly cluster: ClusterStore;
  readonly page: PageStore;
  readonly stream: StreamStore;
  readonly commands: Commands;
  /** Help while one types. */
  readonly assist: Assist;
  /** Into values that outputs show. */
  readonly looking: Looking;
  /** Of kernel and engines. */
  readonly variables: Variables;
  /** Looks for regular expressions. */
  readonly startSearch: StartSearch;
}

export const UiProvider = createContext<UiContext | null>(null);

export function useUi(): UiContext {
  return assertExists(useContext(UiProvider), 'a component stands outside UiProvider');
}

export function useCommands(): Commands {
  return useUi().commands;
}

/** Selectors may build fresh objects or arrays: one level is compared. */
export function useNotebook<T>(select: (view: NotebookView) => T): T {
  return useStore(useUi().notebook, useShallow(select));
}

/** What one cell shows; undefined once it is gone. */
export function useCellFace(id: CellId | null): CellFace | undefined {
  const faces = facesOf(useUi().notebook);
  const subscribe = useCallback(
    (listener: () => void) => (id === null ? () => undefined : faces.subscribe(id, listener)),
    [faces, id],
  );
  return useSyncExternalStore(subscribe, () => (id === null ? undefined : faces.of(id)));
}

export function useCluster<T>(select: (view: ClusterView) => T): T {
  return useStore(useUi().cluster, useShallow(select));
}

export function usePage<T>(select: (view: PageView) => T): T {
  return useStore(useUi().page, useShallow(select));
}

/** `version` must be part of what is selected: the log changes in place. */
export function useStream<T>(select: (view: StreamView) => T): T {
  return useStore(useUi().stream, useShallow(select));
}
