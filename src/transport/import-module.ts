/** A native `import()` that no bundler touches. */
export const importUrl = (url: string): Promise<unknown> => import(/* @vite-ignore */ url);

/** Evaluates an ES module's text, through a `blob:` address of this realm. */
export async function importText(source: string): Promise<unknown> {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    return await importUrl(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
