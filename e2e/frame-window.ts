import type { Page } from '@playwright/test';

/**
 * Evaluates in the main thread of the runtime frame, as code that had got there would. (Playwright's own way there
 * needs `eval`, which that window has not.)
 */
export async function inFrameWindow(page: Page, expression: string): Promise<unknown> {
  const frame = page.frames().find((one) => one.parentFrame() !== null && one.childFrames().length === 0);
  if (frame === undefined) throw new Error('There is no runtime frame.');
  const session = await page.context().newCDPSession(frame);
  try {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as unknown;
  } finally {
    await session.detach();
  }
}
