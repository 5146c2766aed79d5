import type { ToController } from '../protocol/client-messages.ts';
import type { ToEngine } from '../protocol/engine-messages.ts';
import type { ClientId } from '../protocol/ids.ts';

type Lend = Extract<ToController, { readonly type: 'lend' }>;

/** Knows what memory clients lend for large results, and tells engines of it: those that are there, and later ones. */
export class LendingDesk {
  readonly #tellAll: (message: ToEngine) => void;
  readonly #lent = new Map<ClientId, ToEngine & { readonly type: 'lend' }>();

  constructor(tellAll: (message: ToEngine) => void) {
    this.#tellAll = tellAll;
  }

  lend({ clientId, n, memory }: Lend): void {
    const told = { type: 'lend', client: clientId, n, memory } as const;
    if (memory !== null) this.#lent.set(clientId, told);
    else if (this.#lent.get(clientId)?.n === n) this.#lent.delete(clientId);
    this.#tellAll(told);
  }

  /** The client is gone. */
  forget(clientId: ClientId): void {
    const told = this.#lent.get(clientId);
    if (told) this.lend({ type: 'lend', clientId, n: told.n, memory: null });
  }

  /** For a new engine. */
  welcome(): readonly ToEngine[] {
    return [...this.#lent.values()];
  }
}
