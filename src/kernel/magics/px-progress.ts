import type { Timers } from '../../base/clock.ts';
import type { AsyncResult } from '../../client/async-result/async-result.ts';
import { measureProgress, progressBundle } from '../../client/async-result/progress.ts';
import type { MimeBundle } from '../../protocol/outputs.ts';
import type { RunContext } from '../run-context.ts';

/** Seconds between two looks; what settles is shown at once. */
const REFRESH = 0.5;

export interface ProgressOptions {
  /** Seconds until it shows itself; negative: never. */
  readonly after: number;
  readonly timers: Timers;
}

/**
 * A bar that tells how many engines are done, once a run takes longer than `after`. The returned function ends
 * it; what was shown stays, with how it ended.
 */
export function showProgress(ar: AsyncResult, options: ProgressOptions, context: RunContext): () => void {
  const { after, timers } = options;
  if (after < 0 || ar.ready()) return () => undefined;
  let shown: { update(bundle: MimeBundle): void } | null = null;
  let cancel: () => void = () => undefined;
  const refresh = () => {
    if (shown === null) shown = context.display(bundleOf(ar));
    else shown.update(bundleOf(ar));
    cancel = timers.after(REFRESH, refresh);
  };
  if (after === 0) refresh();
  else cancel = timers.after(after, refresh);
  for (const job of ar.jobs) job.onSettled(() => shown?.update(bundleOf(ar)));
  return () => {
    cancel();
    shown?.update(bundleOf(ar));
  };
}

function bundleOf(ar: AsyncResult): MimeBundle {
  return progressBundle(measureProgress('%px', ar.jobs, () => 1, ar.elapsed));
}
