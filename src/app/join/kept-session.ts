/** The session of this tab, so that a reload comes back to it. It is gone with the tab. */
export interface KeptSession {
  readonly url: string;
  readonly token: string;
}

const KEY = 'tutti-join';

export function keptSession(): KeptSession | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<KeptSession> | null;
    return typeof kept?.url === 'string' && typeof kept.token === 'string'
      ? { url: kept.url, token: kept.token }
      : null;
  } catch {
    return null;
  }
}

/** Null: forget it. Where nothing can be kept, a reload leaves the cluster. */
export function keepSession(session: KeptSession | null): void {
  try {
    if (session === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // The connection works all the same.
  }
}
