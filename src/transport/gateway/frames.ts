import type { JsonObject, JupyterHeader, JupyterMessage } from '../../protocol/jupyter-message.ts';

/**
 * One binary message between page and gateway: messages of one channel that have their buffers in common, so
 * that an array which is pushed to sixty engines crosses the network once.
 *
 * ```
 * u8 version · u8 channel · u16 0 · u32 bytes of head · u32 number of buffers · u32 bytes of each buffer …
 * head (JSON: [[target, header, parent_header, metadata, content] …]) · buffers
 * ```
 * Numbers are little-endian. No signature: the gateway adds it, the page never has the cluster's key.
 */
export type GatewayChannel =
  'registration' | 'mux' | 'task' | 'control' | 'broadcast' | 'iopub' | 'notification';

/** One message and, on the way to an engine, whose it is: the engine's uuid. */
export interface Envelope {
  readonly target: string | null;
  readonly header: JupyterHeader;
  readonly parent_header: JupyterMessage['parent_header'];
  readonly metadata: JsonObject;
  readonly content: JsonObject;
}

export interface GatewayFrame {
  readonly channel: GatewayChannel;
  readonly envelopes: readonly Envelope[];
  readonly buffers: readonly Uint8Array[];
}

/** What came is no frame; `message` says why. */
export class GatewayFrameError extends Error {
  override readonly name = 'GatewayFrameError';
}

const VERSION = 1;
/** Their places are on the wire: append only. */
const CHANNELS: readonly GatewayChannel[] = [
  'registration',
  'mux',
  'task',
  'control',
  'broadcast',
  'iopub',
  'notification',
];
const FIXED = 12;

const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { fatal: true });

export function encodeFrame({ channel, envelopes, buffers }: GatewayFrame): ArrayBuffer {
  const rows = envelopes.map(({ target, header, parent_header, metadata, content }) => [
    target,
    header,
    parent_header,
    metadata,
    content,
  ]);
  const head = utf8.encode(JSON.stringify(rows));
  const start = FIXED + 4 * buffers.length;
  const size = buffers.reduce((sum, buffer) => sum + buffer.byteLength, start + head.byteLength);
  const frame = new Uint8Array(size);
  const view = new DataView(frame.buffer);
  view.setUint8(0, VERSION);
  view.setUint8(1, CHANNELS.indexOf(channel));
  view.setUint32(4, head.byteLength, true);
  view.setUint32(8, buffers.length, true);
  buffers.forEach((buffer, i) => {
    view.setUint32(FIXED + 4 * i, buffer.byteLength, true);
  });
  frame.set(head, start);
  let at = start + head.byteLength;
  for (const buffer of buffers) {
    frame.set(buffer, at);
    at += buffer.byteLength;
  }
  return frame.buffer;
}

/** Buffers are windows on `bytes`. @throws GatewayFrameError for what is no frame. */
export function decodeFrame(bytes: Uint8Array): GatewayFrame {
  if (bytes.byteLength < FIXED) throw new GatewayFrameError('The frame is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(0);
  if (version !== VERSION) {
    throw new GatewayFrameError(
      `The frame is of version ${String(version)}; this side speaks version ${String(VERSION)}`,
    );
  }
  const channel = CHANNELS[view.getUint8(1)];
  if (channel === undefined) throw new GatewayFrameError('The frame names no channel');
  const count = view.getUint32(8, true);
  const start = FIXED + 4 * count;
  if (start > bytes.byteLength) throw new GatewayFrameError('The frame is cut off');
  const headEnd = start + view.getUint32(4, true);
  let at = headEnd;
  const buffers = Array.from({ length: count }, (_, i) => {
    const from = at;
    at += view.getUint32(FIXED + 4 * i, true);
    return bytes.subarray(from, at);
  });
  if (at !== bytes.byteLength) throw new GatewayFrameError('The lengths in the frame do not add up');
  return { channel, envelopes: readHead(bytes.subarray(start, headEnd)), buffers };
}

function readHead(head: Uint8Array): Envelope[] {
  let rows: unknown;
  try {
    rows = JSON.parse(text.decode(head));
  } catch {
    throw new GatewayFrameError('The head of the frame is no JSON');
  }
  if (!Array.isArray(rows) || !rows.every(isRow)) {
    throw new GatewayFrameError('The head of the frame holds no messages');
  }
  return rows.map(([target, header, parent_header, metadata, content]) => ({
    target,
    header,
    parent_header,
    metadata,
    content,
  }));
}

type Row = readonly [string | null, JupyterHeader, JupyterMessage['parent_header'], JsonObject, JsonObject];

function isRow(row: unknown): row is Row {
  if (!Array.isArray(row) || row.length !== 5) return false;
  const [target, header, ...others] = row as readonly unknown[];
  return (target === null || typeof target === 'string') && isHeader(header) && others.every(isObject);
}

function isHeader(value: unknown): boolean {
  return isObject(value) && typeof value['msg_id'] === 'string' && typeof value['msg_type'] === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
