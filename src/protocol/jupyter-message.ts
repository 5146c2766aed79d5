/**
 * The message of Jupyter and ipyparallel, as page, gateway and engines of a real cluster share it. On the wire
 * it is frames of bytes (`remote/wire`); here it is data.
 */
export interface JupyterMessage {
  readonly header: JupyterHeader;
  /** The header of the request that this answers, or belongs to; empty for a request. */
  readonly parent_header: JupyterHeader | Readonly<Record<string, never>>;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Uint8Array[];
}

/** Plain JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface JupyterHeader {
  readonly msg_id: string;
  /** `execute_request`, `apply_reply`, `stream` … */
  readonly msg_type: string;
  /** Who sends: a client's session; an engine's uuid. */
  readonly session: string;
  readonly username: string;
  /** ISO 8601 with a time zone. */
  readonly date: string;
  /** Of the protocol: `5.3`. */
  readonly version: string;
}

export const JUPYTER_VERSION = '5.3';

/** The parent's header, or null for a message that has none. */
export function parentOf(message: JupyterMessage): JupyterHeader | null {
  return 'msg_id' in message.parent_header ? (message.parent_header as JupyterHeader) : null;
}

/** Engines whose uuid begins so run JavaScript; all others Python. */
export const JS_ENGINE = 'js-';

export function isJsEngine(uuid: string): boolean {
  return uuid.startsWith(JS_ENGINE);
}
