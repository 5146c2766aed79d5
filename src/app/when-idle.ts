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

/** Resolves when what is to be drawn now is on the screen and the page answers; a page that nobody sees draws nothing. */
export async function whenDrawn(): Promise<void> {
  for (let frame = 0; frame < 2 && !document.hidden; frame++) {
    await new Promise((resolve) => {
      requestAnimationFrame(resolve);
    });
  }
  await whenIdle();
}
