import type { EngineRequest } from '../protocol/requests.ts';

/** What is known of a request that this client did not make. */
export const STRANGER = {
  method: 'apply',
  name: 'result',
  label: null,
  submitted: null,
  target: null,
  runId: null,
  isTracked: false,
  isShared: false,
  sources: [],
} as const;

/** Whether engines work on memory that the caller has, too. */
export function holdsShared(request: EngineRequest): boolean {
  if (request.method === 'push') return request.values.shared !== undefined;
  return 'call' in request && request.call.shared !== undefined;
}

/** How messages call it: the function's name, or the method. */
export function requestName(request: EngineRequest): string {
  return request.method === 'apply' || request.method === 'map' ? request.name : request.method;
}
