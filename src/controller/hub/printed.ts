import { goesOn, type ShownEvent, type StreamEvent } from '../../protocol/outputs.ts';
import { bundleBytes } from './bundle-bytes.ts';

/** Characters of each stream that are kept. */
const LIMIT = 64 * 1024;
/** Displays that are kept, and bytes of them all, roughly. */
const MOST_DISPLAYS = 64;
const MOST_BYTES = 1024 * 1024;

/** The beginning of what a task has printed and displayed, for its record. */
export class Printed {
  stdout = '';
  stderr = '';
  /** Both, and displays, in order; consecutive text of one stream is one event. */
  readonly events: ShownEvent[] = [];
  /** Of the displays, roughly. */
  bytes = 0;
  #displays = 0;

  hear(event: StreamEvent): void {
    const kept = addPrinted(this, event);
    if (kept === null || (kept.type === 'display' && !this.#hasRoomFor(kept))) return;
    const last = this.events.at(-1);
    if (kept.type === 'stream' && last?.type === 'stream' && goesOn(kept, last))
      this.events[this.events.length - 1] = { ...last, text: last.text + kept.text };
    else this.events.push(kept);
  }

  #hasRoomFor({ bundle }: Extract<ShownEvent, { readonly type: 'display' }>): boolean {
    const bytes = bundleBytes(bundle);
    if (this.#displays >= MOST_DISPLAYS || this.bytes + bytes > MOST_BYTES) return false;
    this.#displays += 1;
    this.bytes += bytes;
    return true;
  }
}

/** Adds text to its stream, up to the limit; gives what is to be kept of the event. */
export function addPrinted(
  printed: Pick<Printed, 'stdout' | 'stderr'>,
  event: StreamEvent,
): ShownEvent | null {
  switch (event.type) {
    case 'stream': {
      const text = event.text.slice(0, Math.max(0, LIMIT - printed[event.name].length));
      printed[event.name] += text;
      return text === '' ? null : { ...event, text };
    }
    case 'display':
    case 'clear-output':
      return event;
    case 'data':
    case 'progress':
    case 'waiting':
      return null;
  }
}
