import type { ToEngine } from '../../src/protocol/engine-messages.ts';
import type { MsgId } from '../../src/protocol/ids.ts';
import type { JsonObject, JupyterHeader } from '../../src/protocol/jupyter-message.ts';
import type { Outcome } from '../../src/protocol/replies.ts';
import type { Idents } from '../wire/frames.ts';
import type { EngineIdentity } from './replies.ts';

/** Which socket. `shell` is one for `mux`, `task` and `broadcast`. */
export type Channel = 'shell' | 'control';

/** A message, but for its id and its time. */
export interface Draft {
  readonly type: string;
  /** Null for output that belongs to no request. */
  readonly parent: JupyterHeader | null;
  readonly content: JsonObject;
  readonly metadata: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** What the shell is to do. */
export type ExchangeEffect =
  | { readonly type: 'engine'; readonly message: ToEngine; readonly transfer: readonly ArrayBuffer[] }
  | { readonly type: 'reply'; readonly channel: Channel; readonly idents: Idents; readonly draft: Draft }
  | { readonly type: 'publish'; readonly draft: Draft }
  /** Reach code that holds the thread: this request runs now and is to stop. */
  | { readonly type: 'break'; readonly msgId: MsgId }
  | { readonly type: 'signal'; readonly signal: NodeJS.Signals }
  /** Leave the cluster and end the process; `restart`: and come back with an empty namespace, under the same id. */
  | { readonly type: 'leave'; readonly why: string; readonly restart: boolean };

/** What the exchange knows of where it is. */
export interface Host {
  /** May change: an engine that was cut off comes back under another id when its own is taken. */
  readonly identity: EngineIdentity;
  /** For `kernel_info`: facts about the process and its machine. */
  readonly facts: JsonObject;
  /** A `user_expressions` entry. */
  showValue(outcome: Outcome): JsonObject;
  /** A signal by number or name; null when there is none of the kind. */
  signalNamed(signal: unknown): NodeJS.Signals | null;
}
