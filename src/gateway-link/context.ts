import { Story } from '../controller/hub/story.ts';
import type { FromController } from '../protocol/client-messages.ts';
import { JUPYTER_VERSION, type JsonObject, type JupyterHeader } from '../protocol/jupyter-message.ts';
import { payloadOf, type Settlement } from '../protocol/replies.ts';
import type { ClientId, EngineId, MsgId } from '../protocol/ids.ts';
import type { GatewayFrame } from '../transport/gateway/frames.ts';
import type { GatewayLimits, GatewayRole } from '../transport/gateway/messages.ts';
import type { LinkEffect } from './events.ts';

/** What a message says, apart from who says it to whom, and when. */
export interface Letter {
  readonly type: string;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** Lines of the story that are kept, of all tasks together. */
const STORY_LIMIT = 4096;

/** What the parts of the link's brain share: the hour, and the list of what is to be done. */
export class LinkContext {
  /** Of the event that is being handled. */
  at = 0;
  role: GatewayRole = 'client';
  limits: GatewayLimits | null = null;
  /** The sender of requests that no client makes. */
  readonly session: string;
  /** What has been seen of tasks from here: the hub keeps records, not stories. */
  readonly story = new Story(STORY_LIMIT);
  #effects: LinkEffect[] = [];
  #asked = 0;

  constructor(session: string) {
    this.session = session;
  }

  emit(effect: LinkEffect): void {
    this.#effects.push(effect);
  }

  take(): LinkEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  send(frame: GatewayFrame): void {
    this.emit({ type: 'send', frame });
  }

  tell(message: FromController, transfer: readonly ArrayBuffer[] = []): void {
    this.emit({ type: 'tell', message, transfer });
  }

  settle(clientId: ClientId, settlement: Settlement): void {
    const { outcome } = settlement;
    const transfer = payloadOf(outcome)?.buffers ?? [];
    this.tell({ type: 'settled', clientId, settlement }, transfer);
  }

  notice(level: 'info' | 'warning', text: string): void {
    this.emit({ type: 'notice', level, text });
  }

  /** A line of the story. `what` and `note` as the controller's own story has them. */
  note(what: string, msgId: MsgId, engineId: EngineId | null, note: string | null = null): void {
    this.story.add(0, this.at, what, msgId, engineId, note);
  }

  /** For a request of the link's own. */
  newId(): string {
    return `${this.session}_${String(++this.#asked)}`;
  }

  header(msgId: string, type: string, session: string = this.session): JupyterHeader {
    const date = new Date(this.at).toISOString();
    return { msg_id: msgId, msg_type: type, session, username: 'tutti', date, version: JUPYTER_VERSION };
  }
}
