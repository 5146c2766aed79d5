/** Where a join link leads. */
export interface JoinLink {
  /** `wss://host:port/path`. */
  readonly url: string;
  readonly host: string;
  /** Opens the gateway once. */
  readonly code: string;
}

const HASH = '#join=';

/** The join link that the page was opened with, if any. It leaves the address at once: its code is a key. */
export function takeJoinLink({ hash }: { readonly hash: string } = location): string | null {
  if (!hash.startsWith(HASH)) return null;
  if (location.hash === hash) history.replaceState(null, '', location.pathname + location.search);
  return hash;
}

/**
 * `#join=<address>&t=<code>`, alone or at the end of a page's address: the part after `#` is sent to no server.
 * @throws Error with a sentence for the reader.
 */
export function readJoinLink(text: string): JoinLink {
  const at = text.indexOf(HASH);
  const fields = new URLSearchParams(at < 0 ? '' : text.slice(at + 1).trim());
  const [address, code] = [fields.get('join'), fields.get('t')];
  if (address === null || code === null || code === '') {
    throw new Error('This is no join link. tutti-gateway prints one: it ends with #join=wss…&t=…');
  }
  const url = URL.parse(address);
  if (url === null || !/^wss?:$/.test(url.protocol)) {
    throw new Error(
      `The join link leads to '${address}', which is no address of a gateway (wss://host:port).`,
    );
  }
  if (!/^[\w.~-]+$/.test(code)) throw new Error('The code in the join link has characters that no code has.');
  return { url: url.href, host: url.host, code };
}

/** Pages from https may open ws:// to their own machine only. */
export function isMixedContent(link: JoinLink, page: URL): boolean {
  const { protocol, hostname } = new URL(link.url);
  return page.protocol === 'https:' && protocol === 'ws:' && !isLoopback(hostname);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

export function mixedContent({ host }: JoinLink): string {
  return (
    `The gateway at ${host} speaks no TLS, and a page from https may not connect to it. Start the gateway with ` +
    '--tls-cert and --tls-key, or put it behind a server that does.'
  );
}
