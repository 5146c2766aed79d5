import type { AsyncResult } from '../client/async-result/async-result.ts';
import type { MimeBundle } from '../protocol/outputs.ts';
import type { RunOutputs } from './run-outputs.ts';

/**
 * An AsyncResult as the value of a cell is not awaited: it shows as one line that tells how it stands, and says
 * in place when it has succeeded or failed. So a failure that nobody waits for is seen.
 */
export function showAsyncResult(ar: AsyncResult, displayId: string, outputs: RunOutputs): void {
  outputs.add({ type: 'display', lane: null, bundle: lineOf(ar), displayId });
  if (ar.ready()) return;
  ar.addDoneCallback(() => {
    outputs.updateDisplay(displayId, lineOf(ar));
  });
}

function lineOf(ar: AsyncResult): MimeBundle {
  return { data: { 'text/plain': `${ar.toString()} ${stateOf(ar)}` }, metadata: {} };
}

function stateOf(ar: AsyncResult): string {
  if (!ar.ready()) return `${String(ar.progress)} of ${String(ar.length)} done; await it for the result`;
  if (ar.successful()) return `done in ${seconds(ar.wallTime)}; await it for the result`;
  const errors = ar.jobs.flatMap((job) => job.error ?? []);
  const [first] = errors;
  const more = errors.length > 1 ? `, and ${String(errors.length - 1)} more` : '';
  return `failed: ${first?.toString() ?? 'unknown error'}${more}`;
}

function seconds(time: number): string {
  return time < 1 ? `${(time * 1000).toPrecision(3)} ms` : `${time.toPrecision(3)} s`;
}
