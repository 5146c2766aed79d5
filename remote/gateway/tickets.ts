import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { GatewayRole } from '../../src/transport/gateway/messages.ts';

/** Whom a ticket lets in. */
export interface Admission {
  readonly role: GatewayRole;
  /** Of an earlier connection; null: a new session begins. */
  readonly session: string | null;
}

/** Seconds that the token of a session is good for after the page was last let in. */
const TOKEN_LIFE = 12 * 3600;

/**
 * What opens the door:
 * - **join codes**, made here, each good for one page, once: they stand in join links;
 * - **tokens of the token file**, good as often as they are shown;
 * - **session tokens**, which a page gets for either and shows when it comes back. They are signed, not stored, with
 *   a secret made of the cluster's key: so a gateway that was restarted still knows its pages.
 */
export class Tickets {
  readonly #secret: Buffer;
  readonly #codes = new Map<string, GatewayRole>();
  readonly #tokens: ReadonlyMap<string, GatewayRole>;
  readonly #over = new Set<string>();

  constructor(clusterKey: string, tokens: ReadonlyMap<string, GatewayRole> = new Map()) {
    const key = clusterKey === '' ? randomBytes(32) : clusterKey;
    this.#secret = createHmac('sha256', key).update('tutti-gateway sessions').digest();
    this.#tokens = tokens;
  }

  newCode(role: GatewayRole): string {
    const code = randomBytes(16).toString('base64url');
    this.#codes.set(code, role);
    return code;
  }

  /** Null for what opens nothing. A join code is used up. `now`: milliseconds since 1970. */
  admit(ticket: string, now: number): Admission | null {
    const ofCode = this.#codes.get(ticket);
    if (ofCode) {
      this.#codes.delete(ticket);
      return { role: ofCode, session: null };
    }
    for (const [token, role] of this.#tokens) if (isEqual(token, ticket)) return { role, session: null };
    return this.#readToken(ticket, now);
  }

  sessionToken(session: string, role: GatewayRole, now: number): string {
    const facts = JSON.stringify([session, role, Math.floor(now / 1000) + TOKEN_LIFE]);
    const body = Buffer.from(facts).toString('base64url');
    return `${body}.${this.#sign(body)}`;
  }

  /** The page has left: its token opens nothing any more. */
  end(session: string): void {
    this.#over.add(session);
  }

  #readToken(ticket: string, now: number): Admission | null {
    const [body, signature, ...more] = ticket.split('.');
    if (body === undefined || signature === undefined || more.length > 0) return null;
    if (!isEqual(signature, this.#sign(body))) return null;
    const [session, role, until] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
      string,
      GatewayRole,
      number,
    ];
    return until * 1000 < now || this.#over.has(session) ? null : { session, role };
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#secret).update(body).digest('base64url');
  }
}

/** Takes the same time wherever they differ. */
function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * The token file: a token a line, `client TOKEN` or `observer TOKEN` (without a role: client); `#` begins a comment.
 * @throws Error with a sentence for a line that is none of these.
 */
export function parseTokens(text: string): Map<string, GatewayRole> {
  const tokens = new Map<string, GatewayRole>();
  text.split('\n').forEach((line, i) => {
    const words = line.replace(/#.*/, '').trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) return;
    const token = words.at(-1) ?? '';
    const role = words.length === 1 ? 'client' : words[0];
    if (words.length > 2 || (role !== 'client' && role !== 'observer') || !/^[\w~-]{16,}$/.test(token)) {
      throw new Error(
        `Line ${String(i + 1)} of the token file is not 'client TOKEN' or 'observer TOKEN' with a token of at least ` +
          '16 letters, digits, - and _.',
      );
    }
    tokens.set(token, role);
  });
  return tokens;
}
