import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import {
  JUPYTER_VERSION,
  type JsonObject,
  type JupyterHeader,
  type JupyterMessage,
} from '../../src/protocol/jupyter-message.ts';

interface Parts {
  readonly content?: JsonObject;
  readonly metadata?: JsonObject;
  readonly buffers?: readonly Uint8Array[];
  /** What is answered; none for a request. */
  readonly parent?: JupyterHeader | null;
  /** Default: a fresh one. */
  readonly msgId?: string;
}

/** Makes messages in one name: `id` is the sender's session, which for an engine is its uuid. */
export class Session {
  readonly id: string;
  readonly #username: string;
  #count = 0;

  constructor(id: string = randomUUID()) {
    this.id = id;
    this.#username = username();
  }

  message(type: string, { content, metadata, buffers, parent, msgId }: Parts = {}): JupyterMessage {
    return {
      header: {
        msg_id: msgId ?? `${this.id}_${String(this.#count++)}`,
        msg_type: type,
        session: this.id,
        username: this.#username,
        date: new Date().toISOString(),
        version: JUPYTER_VERSION,
      },
      parent_header: parent ?? {},
      metadata: metadata ?? {},
      content: content ?? {},
      buffers: buffers ?? [],
    };
  }
}

/** A container's user may have no name. */
function username(): string {
  try {
    return userInfo().username;
  } catch {
    return 'tutti';
  }
}
