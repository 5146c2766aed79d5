import * as v from 'valibot';

/** What page and gateway say to each other about their connection, as JSON text; frames are binary. */

/** WebSocket subprotocol; a second one, `TOKEN_PROTOCOL` + a join code or a session's token, is the ticket. */
export const GATEWAY_PROTOCOL = 'tutti.gateway.1';
export const TOKEN_PROTOCOL = 'tutti.token.';

/** `client` runs code; `observer` sees engines and queues. */
export type GatewayRole = 'client' | 'observer';

/** Page to gateway. */
export type ToGateway =
  /** First. `received`: how many frames of this session have come here; null: a page that knows nothing of it. */
  | { readonly type: 'hello'; readonly received: number | null }
  | { readonly type: 'ack'; readonly received: number }
  /** The session is over; its connection to the cluster is closed. */
  | { readonly type: 'leave' };

/** Gateway to page. */
export type FromGateway =
  | Welcome
  | { readonly type: 'ack'; readonly received: number }
  /** Output that this page was too slow for. */
  | { readonly type: 'dropped'; readonly messages: number };

export interface Welcome {
  readonly type: 'welcome';
  /** Opens the session again: after a cut, a reload, or a restart of the gateway. */
  readonly session: string;
  readonly role: GatewayRole;
  /** `new`: nothing went before. `resumed`: nothing is lost. `patchy`: messages were lost; ask the hub. */
  readonly state: 'new' | 'resumed' | 'patchy';
  /** How many frames of the page have come. */
  readonly received: number;
  readonly limits: GatewayLimits;
}

export interface GatewayLimits {
  /** Bytes of one message. */
  readonly maxMessage: number;
  /** Seconds that a session outlives its connection. */
  readonly resumeWindow: number;
}

/** Close codes. The reason beside them is a sentence for the reader. */
export const CLOSE = {
  /** Unknown or used code, or a session that is over. */
  notAdmitted: 4401,
  /** Origin not on the list. */
  badOrigin: 4403,
  /** What came is none of this protocol. */
  badMessage: 4400,
  tooManyTries: 4429,
  /** Another connection has taken the session over. */
  takenOver: 4409,
  /** The reader does not keep up, and nothing more can be kept for it. */
  tooSlow: 4408,
  /** Of RFC 6455. */
  goingAway: 1001,
  tooBig: 1009,
} as const;

/** After these, trying again is of no use. */
export function isFinal(code: number): boolean {
  return code === CLOSE.notAdmitted || code === CLOSE.badOrigin || code === CLOSE.takenOver;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const toGateway = v.variant('type', [
  v.object({ type: v.literal('hello'), received: v.nullable(count) }),
  v.object({ type: v.literal('ack'), received: count }),
  v.object({ type: v.literal('leave') }),
]);

const fromGateway = v.variant('type', [
  v.object({
    type: v.literal('welcome'),
    session: v.pipe(v.string(), v.maxLength(1000)),
    role: v.picklist(['client', 'observer']),
    state: v.picklist(['new', 'resumed', 'patchy']),
    received: count,
    limits: v.object({ maxMessage: count, resumeWindow: v.number() }),
  }),
  v.object({ type: v.literal('ack'), received: count }),
  v.object({ type: v.literal('dropped'), messages: count }),
]);

/** Null for what is none. */
export function readToGateway(text: string): ToGateway | null {
  return read(toGateway, text);
}

/** Null for what is none. */
export function readFromGateway(text: string): FromGateway | null {
  return read(fromGateway, text);
}

function read<T>(schema: v.GenericSchema<unknown, T>, text: string): T | null {
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
