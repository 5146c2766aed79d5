/**
 * The sandbox's origin is opaque, so its realms are no secure contexts, and browsers leave `crypto.randomUUID` out
 * there. What it does needs no more than `crypto.getRandomValues`, which they have. `crypto.subtle` stays absent.
 */
export function completeCrypto(globals: object): void {
  const { crypto } = globals as { readonly crypto?: RandomSource };
  if (crypto === undefined || Reflect.has(crypto, 'randomUUID')) return;
  Object.defineProperty(crypto, 'randomUUID', {
    value: () => uuidOf(crypto.getRandomValues(new Uint8Array(16))),
    writable: true,
    configurable: true,
  });
}

interface RandomSource {
  getRandomValues(bytes: Uint8Array): Uint8Array;
}

/** RFC 9562, version 4. */
function uuidOf(bytes: Uint8Array): string {
  const marked = bytes.map((byte, i) =>
    i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte,
  );
  const hex = Array.from(marked, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
