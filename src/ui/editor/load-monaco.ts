import type * as monacoEditor from './monaco-editor.ts';

type LiveEditors = typeof monacoEditor;

let loading: Promise<LiveEditors> | null = null;

/** Monaco, once. Should the network fail the plain editor stays, and the next focus tries again. */
export function loadMonaco(): Promise<LiveEditors> {
  loading ??= import('./monaco-editor.ts').catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

/** Touch screens keep the plain editor: Monaco does not support them. */
export function monacoSuits(): boolean {
  return !matchMedia('(pointer: coarse)').matches;
}

/** Fetches Monaco when the page has nothing better to do, before anybody has asked for it. */
export function prewarmMonaco(): void {
  if (!monacoSuits()) return;
  const warm = (): void => {
    loadMonaco().catch(() => undefined);
  };
  if ('requestIdleCallback' in window) requestIdleCallback(warm, { timeout: 3000 });
  else setTimeout(warm, 1000);
}
