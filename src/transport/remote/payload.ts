import { tagOf } from '../../protocol/brand-of.ts';
import { UncloneableError } from '../../protocol/canned.ts';
import type { EngineInfo } from '../../protocol/errors.ts';
import { flatten, unflatten } from '../../protocol/flat.ts';
import type { JsonObject, JupyterMessage } from '../../protocol/jupyter-message.ts';
import type { StreamEvent } from '../../protocol/outputs.ts';
import { payloadOf, type EngineReply } from '../../protocol/replies.ts';
import type { EngineRequest } from '../../protocol/requests.ts';
import { wayTo } from '../../protocol/way-to.ts';

/**
 * What Tutti's own messages carry through a cluster that looks at headers and metadata only: buffer 0 is text,
 * the buffers after it are the memory that the text refers to. Both ends use this file: the page's gateway
 * link and the JavaScript engine.
 *
 * | message           | content                            | buffers carry    |
 * |-------------------|------------------------------------|------------------|
 * | `apply_request`   | `{ tutti: 1, method, name }`       | `EngineRequest`  |
 * | its `apply_reply` | Jupyter's status fields, `tutti: 1` | `RemoteReply`    |
 * | `data_pub`        | `{ tutti: 1 }`                     | `StreamEvent` that Jupyter has no message for |
 *
 * An `execute` goes as Jupyter's `execute_request` (`content.code`; `content.tutti = { url }` says how
 * tracebacks call the code), so that Python engines take it, too. Its reply is Jupyter's `execute_reply`; from a
 * JavaScript engine it has the same buffers as an `apply_reply` when the request had `content.tutti`.
 */
export const TUTTI_PAYLOAD = 1;

/** What an engine says of a request of ours when it has ended. */
export interface RemoteReply {
  readonly outcome: EngineReply['outcome'];
  readonly facts: EngineReply['facts'];
  /** Names in the namespace, if they changed. */
  readonly names?: readonly string[];
}

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** @throws UncloneableError for what cannot leave the machine (shared memory, Blobs): what, where, and what to do. */
export function toBuffers(value: EngineRequest | RemoteReply | StreamEvent): Uint8Array[] {
  const { text: words, buffers, others } = flatten(value, { bytesOnly: true });
  const [other] = others;
  if (other) throw new UncloneableError(refusal(other, value));
  return [utf8.encode(words), ...buffers.map((buffer) => new Uint8Array(buffer))];
}

/** A reply, and how the request has ended: whose value cannot leave the machine has failed. */
export function replyBuffers(
  reply: RemoteReply,
  engineInfo: EngineInfo,
): { readonly outcome: RemoteReply['outcome']; readonly buffers: Uint8Array[] } {
  try {
    return { outcome: reply.outcome, buffers: toBuffers(reply) };
  } catch (error) {
    if (!(error instanceof UncloneableError)) throw error;
    const { name: ename, message: evalue } = error;
    const told = { ename, evalue, traceback: [`${ename}: ${evalue}`], frames: [], engineInfo };
    const outcome = { status: 'error', error: told } as const;
    return { outcome, buffers: toBuffers({ ...reply, outcome }) };
  }
}

function refusal(other: object, value: EngineRequest | RemoteReply | StreamEvent): string {
  const tag = tagOf(other);
  const [what, cure] = REFUSED[tag] ?? [`a ${tag}`, 'Send the data that it holds'];
  const [packed, root] = packedIn(value);
  return `${wayTo(other, packed, root)} is ${what}, which cannot be copied to another machine. ${cure}`;
}

const REFUSED: Readonly<Record<string, readonly [what: string, cure: string]>> = {
  SharedArrayBuffer: ['shared memory', 'Send a copy: array.slice()'],
  Blob: ['a Blob', 'Send its bytes: await blob.arrayBuffer()'],
  File: ['a File', 'Send its bytes: await file.arrayBuffer()'],
};

/** What the user knows of a message, and what it is called. */
function packedIn(value: EngineRequest | RemoteReply | StreamEvent): readonly [unknown, string | null] {
  if ('outcome' in value) return [payloadOf(value.outcome)?.value, 'result'];
  if ('type' in value) return [value.type === 'data' ? value.values : value, null];
  switch (value.method) {
    case 'apply':
    case 'map':
      return [value.call.value, null];
    case 'push':
      return [value.values.value, null];
    default:
      return [value, null];
  }
}

export const requestOf = (message: JupyterMessage): EngineRequest => fromBuffers(message) as EngineRequest;
export const replyOf = (message: JupyterMessage): RemoteReply => fromBuffers(message) as RemoteReply;
export const eventOf = (message: JupyterMessage): StreamEvent => fromBuffers(message) as StreamEvent;

/** Whether the message carries a payload of ours, of a version that this code reads. */
export function hasPayload({ content, buffers }: JupyterMessage): boolean {
  return content['tutti'] === TUTTI_PAYLOAD && buffers.length > 0;
}

/** The content of an `apply_request` of ours. `name`: for messages, "…raised in: f". */
export function applyContent(request: EngineRequest): JsonObject {
  const name = 'name' in request ? request.name : request.method;
  return { tutti: TUTTI_PAYLOAD, method: request.method, name };
}

function fromBuffers({ buffers }: JupyterMessage): unknown {
  const [first, ...rest] = buffers;
  if (!first) throw new TypeError('The message carries no payload');
  return unflatten({ text: text.decode(first), buffers: rest.map(ownMemory), others: [] });
}

/** Memory of its own: what came in may be a window on something larger, or be shared with other messages. */
function ownMemory(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) return buffer;
  return bytes.slice().buffer;
}
