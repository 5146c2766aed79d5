import type { EngineState } from '../protocol/client-messages.ts';
import type { EngineUuid } from '../protocol/ids.ts';

/** What a hub tells of an engine that has done nothing yet. */
export function idleEngine(id: number, change: Partial<EngineState> = {}): EngineState {
  return {
    id,
    uuid: `engine-${String(id)}` as EngineUuid,
    generation: 1,
    status: 'idle',
    outstanding: 0,
    queued: 0,
    completed: 0,
    failed: 0,
    running: null,
    death: null,
    names: [],
    ...change,
  };
}
