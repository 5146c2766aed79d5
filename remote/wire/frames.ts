import type { JsonObject, JupyterHeader, JupyterMessage } from '../../src/protocol/jupyter-message.ts';
import type { Signer } from './signer.ts';

/**
 * The room `remote/wire`: Jupyter's message as ZeroMQ frames. Pure; engine and gateway share it.
 *
 * ```
 * [ident …] "<IDS|MSG>" [signature, hex] [header] [parent_header] [metadata] [content] [buffer …]
 * ```
 *
 * - **idents** route: what a ROUTER socket puts in front of a message, and what the answer must carry in front
 *   again. To send to an engine through `mux`, `control` or `broadcast`, the first ident is the engine's uuid.
 *   On `iopub` the one ident is the topic (`engine.3.stream`).
 * - **header … content** are JSON in UTF-8 (`src/protocol/jupyter-message.ts`), signed (`./signer.ts`).
 * - **buffers** are raw bytes, neither signed nor looked into by any part of the cluster. What Tutti's own
 *   messages put there is said in `src/transport/remote/payload.ts`.
 *
 * A page behind the gateway never sees idents and signatures: the gateway takes them off and puts them on,
 * so the cluster's key stays beside the cluster.
 */
const DELIMITER = Buffer.from('<IDS|MSG>');
/** Signature, header, parent, metadata, content. */
const FIXED_PARTS = 5;

export type Idents = readonly Uint8Array[];

export interface Received {
  readonly idents: Idents;
  readonly message: JupyterMessage;
}

/** Why frames are no message that may be listened to. `reason` for tests and counters, `message` for people. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly reason: FrameFault;

  constructor(reason: FrameFault, detail = '') {
    super(`${SENTENCES[reason]}${detail}`);
    this.reason = reason;
  }
}

type FrameFault = 'no-delimiter' | 'too-short' | 'not-json' | 'unsigned' | 'bad-signature' | 'replayed';

const SENTENCES: Readonly<Record<FrameFault, string>> = {
  'no-delimiter': 'These frames are no Jupyter message: the delimiter <IDS|MSG> is missing',
  'too-short': 'This Jupyter message is incomplete: after its delimiter come fewer than 5 parts',
  'not-json': 'This Jupyter message cannot be read: ',
  unsigned:
    'This message is not signed, and the cluster has a key. Does its sender use the same connection file?',
  'bad-signature':
    "The signature of this message does not fit the cluster's key. Does its sender use the same connection file?",
  replayed: 'This message was received before: somebody sends it again',
};

export function encodeFrames(message: JupyterMessage, signer: Signer, idents: Idents = []): Uint8Array[] {
  const { header, parent_header, metadata, content, buffers } = message;
  const parts = [header, parent_header, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
  return [...idents, DELIMITER, Buffer.from(signer.sign(parts)), ...parts, ...buffers];
}

/** @throws FrameError when it is no message, or none that the key's holders sent. */
export function decodeFrames(frames: readonly Uint8Array[], signer: Signer): Received {
  const at = frames.findIndex((frame) => DELIMITER.equals(frame));
  if (at < 0) throw new FrameError('no-delimiter');
  const rest = frames.slice(at + 1);
  if (rest.length < FIXED_PARTS) throw new FrameError('too-short');
  const [signature, ...parts] = rest.slice(0, FIXED_PARTS);
  const fault = signer.fault(Buffer.from(signature ?? []).toString('latin1'), parts);
  if (fault) throw new FrameError(fault);
  const [header, parent, metadata, content] = parts.map(parseObject);
  return {
    idents: frames.slice(0, at),
    message: {
      header: checkedHeader(header ?? {}),
      parent_header: (parent ?? {}) as JupyterMessage['parent_header'],
      metadata: metadata ?? {},
      content: content ?? {},
      buffers: rest.slice(FIXED_PARTS),
    },
  };
}

const PART_NAMES = ['header', 'parent header', 'metadata', 'content'];

function parseObject(part: Uint8Array, index: number): JsonObject {
  const name = PART_NAMES[index] ?? 'part';
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('utf8'));
  } catch {
    throw new FrameError('not-json', `its ${name} is no JSON`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new FrameError('not-json', `its ${name} is no JSON object`);
}

function checkedHeader(header: JsonObject): JupyterHeader {
  for (const key of ['msg_id', 'msg_type']) {
    if (typeof header[key] !== 'string') throw new FrameError('not-json', `its header has no ${key}`);
  }
  return header as unknown as JupyterHeader;
}
