import type { ToController } from '../protocol/client-messages.ts';
import type { ToEngine } from '../protocol/engine-messages.ts';
import type { ClientId } from '../protocol/ids.ts';

type Lend = Extract<ToController, { readonly type: 'lend' }>;

/** Knows what memory clients lend for large results, and tells engines of it: those that are there, and later ones. */
export class LendingDesk {
  readonly #tellAll: (message: ToEngine) => void;
  readonly #lent = new Map<ClientId, Map<number, SharedArrayBuffer>>();

  constructor(tellAll: (message: ToEngine) => void) {
    this.#tellAll = tellAll;
  }

  lend({ clientId, n, memory }: Lend): void {
    const its = this.#lent.get(clientId) ?? new Map<number, SharedArrayBuffer>();
    if (memory === null) its.delete(n);
    else its.set(n, memory);
    if (its.size > 0) this.#lent.set(clientId, its);
    else this.#lent.delete(clientId);
    this.#tellAll({ type: 'lend', client: clientId, n, memory });
  }

  /** The client is gone. */
  forget(clientId: ClientId): void {
    for (const n of this.#lent.get(clientId)?.keys() ?? []) {
      this.#tellAll({ type: 'lend', client: clientId, n, memory: null });
    }
    this.#lent.delete(clientId);
  }

  /** For a new engine. */
  welcome(): ToEngine[] {
    return [...this.#lent].flatMap(([client, its]) =>
      [...its].map(([n, memory]) => ({ type: 'lend', client, n, memory }) as const),
    );
  }
}
