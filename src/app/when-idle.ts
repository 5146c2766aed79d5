/** Resolves when the page has nothing better to do, after `longest` seconds at the latest. */
export async function whenIdle(longest = 10): Promise<void> {
  await new Promise<void>((resolve) => {
    if ('requestIdleCallback' in window) {
      requestIdleCallback(
        () => {
          resolve();
        },
        { timeout: longest * 1000 },
      );
    } else setTimeout(resolve, 200);
  });
}
