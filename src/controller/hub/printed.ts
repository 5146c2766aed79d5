import type { StreamEvent } from '../../protocol/outputs.ts';

/** Characters of each stream that are kept. */
const LIMIT = 64 * 1024;

/** The beginning of what a task has printed, for its record. */
export class Printed {
  stdout = '';
  stderr = '';

  hear(event: StreamEvent): void {
    addPrinted(this, event);
  }
}

export function addPrinted(printed: Pick<Printed, 'stdout' | 'stderr'>, event: StreamEvent): void {
  if (event.type !== 'stream') return;
  const room = LIMIT - printed[event.name].length;
  if (room > 0) printed[event.name] += event.text.slice(0, room);
}
