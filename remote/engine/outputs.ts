import { UncloneableError } from '../../src/protocol/canned.ts';
import type { JsonObject } from '../../src/protocol/jupyter-message.ts';
import type { Marked, StreamEvent } from '../../src/protocol/outputs.ts';
import { TUTTI_PAYLOAD, toBuffers } from '../../src/transport/remote/payload.ts';

/** A message on `iopub`, but for who sends it and to what request it belongs. */
export interface Publication {
  readonly type: string;
  readonly content: JsonObject;
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
}

/** What a running request says, in Jupyter's words where it has some. */
export function publicationOf(event: StreamEvent): Publication {
  switch (event.type) {
    case 'stream':
      return { type: 'stream', content: { name: event.name, text: event.text }, ...markOf(event) };
    case 'display':
      return {
        type: event.update === true ? 'update_display_data' : 'display_data',
        content: {
          data: event.bundle.data,
          metadata: event.bundle.metadata,
          transient: event.displayId === undefined ? {} : { display_id: event.displayId },
        },
        ...markOf(event),
      };
    case 'clear-output':
      return { type: 'clear_output', content: { wait: event.wait } };
    case 'data':
    case 'progress':
    case 'waiting':
      return published(event);
  }
}

/** Of a message: other clients pass over it. */
function markOf({ isLate }: Marked): Pick<Publication, 'metadata'> {
  return isLate === true ? { metadata: { tutti_late: true } } : {};
}

/** By IPython's old name for data of the user's: the hub passes over it, and so do Python clients. */
function published(event: StreamEvent): Publication {
  try {
    return { type: 'data_pub', content: { tutti: TUTTI_PAYLOAD }, buffers: toBuffers(event) };
  } catch (error) {
    if (!(error instanceof UncloneableError)) throw error;
    return { type: 'stream', content: { name: 'stderr', text: `publishData: ${error.message}\n` } };
  }
}
