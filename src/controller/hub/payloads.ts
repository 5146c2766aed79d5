import { buffersOf, type EngineRequest } from '../../protocol/requests.ts';
import { NOTHING_TO_MOVE } from '../events.ts';

/** Requests with no more bytes in buffers than this are copied to their engines and not moved: so they can be
 * sent again, to another engine or at somebody's wish. */
const COPIED = 1024 * 1024;

/**
 * Buffers on their way to engines. A call on n engines is n submissions of one request object: all but the
 * last to be sent get copies, the last takes the buffers themselves. So the hub counts who still waits for them.
 */
export class Payloads {
  /** Waiting tasks per request; requests without buffers are not counted. */
  readonly #users = new Map<EngineRequest, number>();
  /** Requests whose buffers have left. */
  readonly #moved = new WeakSet<EngineRequest>();

  /** One more task waits to be sent with `request`. */
  retain(request: EngineRequest): void {
    if (buffersOf(request).length > 0) this.#users.set(request, this.usersOf(request) + 1);
  }

  /** One task less. */
  release(request: EngineRequest): void {
    const users = this.#users.get(request);
    if (users === undefined) return;
    if (users > 1) this.#users.set(request, users - 1);
    else this.#users.delete(request);
  }

  /** One task less, for it is sent now: what is to be moved with it. */
  take(request: EngineRequest): readonly ArrayBuffer[] {
    const last = this.#users.get(request) === 1;
    this.release(request);
    if (!last || isCopied(request)) return NOTHING_TO_MOVE;
    this.#moved.add(request);
    return buffersOf(request);
  }

  /** Its buffers are elsewhere: it cannot be sent again. */
  hasMoved(request: EngineRequest): boolean {
    return this.#moved.has(request);
  }

  usersOf(request: EngineRequest): number {
    return this.#users.get(request) ?? 0;
  }

  get counted(): ReadonlyMap<EngineRequest, number> {
    return this.#users;
  }
}

/** It is never moved. */
export function isCopied(request: EngineRequest): boolean {
  return buffersOf(request).reduce((sum, { byteLength }) => sum + byteLength, 0) <= COPIED;
}
