import type { ReactNode } from 'react';
import type { Output } from '../../protocol/outputs.ts';

/** Whether nobody knows whose it is. */
export function isLate(output: Output): boolean {
  return 'isLate' in output;
}

/** Over an output of which nobody knows whose it is. */
export function LateMark({ lane }: { readonly lane: Output['lane'] }): ReactNode {
  const why = reason(lane);
  return (
    <span className="late-mark" title={why}>
      late<span className="visually-hidden">: {why}</span>
    </span>
  );
}

function reason(lane: Output['lane']): string {
  return lane === null
    ? 'Said when no cell ran, by code that any cell may have started. It is shown in the last one.'
    : `Engine ${String(lane)} said this when it ran no task, in code that any task may have started. It is shown with its last one.`;
}
