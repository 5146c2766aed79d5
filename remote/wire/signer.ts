import { createHmac, timingSafeEqual } from 'node:crypto';

/** Signatures remembered, so that a message which was overheard cannot be sent again. */
const MOST_REMEMBERED = 1 << 16;

/**
 * Signs messages with the cluster's key and checks those of others. The signature covers header, parent,
 * metadata and content, as Jupyter has it; not the buffers. One for each direction of trust: it remembers what
 * it has accepted.
 *
 * An empty key (Jupyter's way to switch signing off) signs with nothing and accepts everything.
 */
export class Signer {
  readonly #key: string;
  readonly #algorithm: string;
  readonly #accepted = new Set<string>();

  /** @throws TypeError for a scheme other than `hmac-<hash>`. */
  constructor(key: string, scheme = 'hmac-sha256') {
    const [, algorithm] = /^hmac-(\w+)$/.exec(scheme) ?? [];
    if (algorithm === undefined) throw new TypeError(`The signature scheme '${scheme}' is not known here`);
    this.#key = key;
    this.#algorithm = algorithm;
  }

  get isOff(): boolean {
    return this.#key === '';
  }

  /** Lower-case hex. */
  sign(parts: readonly Uint8Array[]): string {
    if (this.isOff) return '';
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  /** Null when the signature is right and new; else what is wrong with it. Comparing takes the same time always. */
  fault(signature: string, parts: readonly Uint8Array[]): 'unsigned' | 'bad-signature' | 'replayed' | null {
    if (this.isOff) return null;
    if (signature === '') return 'unsigned';
    const [given, expected] = [Buffer.from(signature), Buffer.from(this.sign(parts))];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'bad-signature';
    if (this.#accepted.has(signature)) return 'replayed';
    this.#remember(signature);
    return null;
  }

  #remember(signature: string): void {
    this.#accepted.add(signature);
    if (this.#accepted.size <= MOST_REMEMBERED) return;
    // A set keeps the order of arrival: the oldest tenth goes.
    const oldest = [...this.#accepted].slice(0, MOST_REMEMBERED / 10);
    for (const old of oldest) this.#accepted.delete(old);
  }
}
