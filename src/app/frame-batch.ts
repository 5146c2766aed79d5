/** Runs jobs at most once per animation frame, the latest given only. In a hidden tab, which has no frames,
 * every quarter of a second. */
export function createFrameBatch(): (job: () => void) => void {
  return createBatch((run) => {
    requestAnimationFrame(run);
  });
}

/** The same, but once the frame has been painted. */
export function createAfterFrame(): (job: () => void) => void {
  return createBatch((run) => {
    requestAnimationFrame(() => {
      setTimeout(run);
    });
  });
}

function createBatch(schedule: (run: () => void) => void): (job: () => void) => void {
  let waiting: (() => void) | null = null;
  const run = (): void => {
    const job = waiting;
    waiting = null;
    job?.();
  };
  return (job) => {
    const idle = waiting === null;
    waiting = job;
    if (!idle) return;
    if (document.hidden) setTimeout(run, 250);
    else schedule(run);
  };
}
