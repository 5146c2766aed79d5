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

/** The text at an address. Rejects with an error that says why not. */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new Error('it could not be reached; the network may be off for this notebook, see the menu', {
      cause: error,
    });
  });
  if (!response.ok) throw new Error(`it answers ${String(response.status)} ${response.statusText}`);
  return response.text();
}
