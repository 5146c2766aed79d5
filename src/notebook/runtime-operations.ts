import type { RunId } from '../protocol/ids.ts';
import type { KernelEvent } from '../protocol/kernel-messages.ts';
import type { Output } from '../protocol/outputs.ts';
import type { RuntimeEvent } from '../protocol/runtime-messages.ts';
import type { KernelOperation } from './session-types.ts';
import { assertNever } from '../base/assert.ts';

/**
 * The operations that a batch of the runtime's events comes to. Outputs of one run that follow each other
 * become one operation, so that a flood costs one change of the document for each batch. Events that are not
 * the notebook's (engines, notices, libraries) are passed over. `at`: milliseconds since 1970.
 */
export function operationsFrom(events: readonly RuntimeEvent[], at: number): readonly KernelOperation[] {
  const operations: KernelOperation[] = [];
  let open: { type: 'outputs-added'; runId: RunId; outputs: Output[] } | null = null;
  for (const event of events) {
    const operation = operationFrom(event, at);
    if (operation === null) continue;
    if (operation.type !== 'outputs-added') {
      open = null;
      operations.push(operation);
    } else if (open?.runId === operation.runId) {
      open.outputs.push(...operation.outputs);
    } else {
      open = { ...operation, outputs: [...operation.outputs] };
      operations.push(open);
    }
  }
  return operations;
}

function operationFrom(event: RuntimeEvent, at: number): KernelOperation | null {
  switch (event.type) {
    case 'kernel':
      return fromKernel(event.event, at);
    case 'kernel-status':
      return { type: 'kernel-status-changed', status: event.status, reason: event.reason, at };
    case 'engines':
    case 'adapting':
    case 'tasks':
    case 'history':
    case 'notice':
    case 'seen':
    case 'join-asked':
    case 'join-withdrawn':
    case 'need-library':
    case 'change-file':
      return null;
    default:
      return assertNever(event);
  }
}

function fromKernel(event: KernelEvent, at: number): KernelOperation | null {
  switch (event.type) {
    case 'ready':
      return { type: 'kernel-status-changed', status: 'idle', reason: null, at };
    case 'cell-started':
      return { ...event, at };
    case 'output':
      return { type: 'outputs-added', runId: event.runId, outputs: [event.output] };
    case 'clear-output':
      return { type: 'output-cleared', runId: event.runId, wait: event.wait };
    case 'update-display':
      return { type: 'display-updated', displayId: event.displayId, bundle: event.bundle };
    case 'cell-finished':
      return { type: 'cell-finished', runId: event.runId, status: event.status, at };
    case 'autopx':
      return { type: 'autopx-changed', targets: event.targets };
    case 'cell-targets':
      return event;
    case 'interrupt-received':
    case 'px-targets':
    case 'replace-source':
    case 'completions':
    case 'inspection':
      return null;
    default:
      return assertNever(event);
  }
}
