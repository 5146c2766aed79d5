import type { MimeBundle } from '../../protocol/outputs.ts';

/** The forms that the page can show, the best first: Jupyter's order, without what would need scripts. */
const KNOWN = [
  'text/html',
  'text/markdown',
  'image/svg+xml',
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/json',
  'text/latex',
  'text/plain',
] as const;

export type KnownMime = (typeof KNOWN)[number];

export interface Shown {
  readonly mime: KnownMime;
  readonly value: unknown;
  /** `alt` of the bundle's metadata, else null. */
  readonly description: string | null;
  /** In CSS pixels, where the metadata say so (images of high resolution). */
  readonly width: number | null;
}

/** The best form of a bundle; null when the page knows none of them. */
export function bestOf(bundle: MimeBundle): Shown | null {
  const mime = KNOWN.find((type) => bundle.data[type] !== undefined);
  if (!mime) return null;
  const { alt, width } = metadataFor(bundle, mime);
  return {
    mime,
    value: bundle.data[mime],
    description: typeof alt === 'string' ? alt : null,
    width: typeof width === 'number' ? width : null,
  };
}

function metadataFor(bundle: MimeBundle, mime: string): { readonly alt?: unknown; readonly width?: unknown } {
  const own = bundle.metadata[mime];
  return { ...bundle.metadata, ...(typeof own === 'object' && own !== null ? own : {}) };
}

/** Text of a bundle's value: files may hold it as a list of lines. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.filter((part) => typeof part === 'string').join('');
  return JSON.stringify(value);
}
