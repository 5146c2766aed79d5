import type { MimeBundle } from '../../protocol/outputs.ts';

/** Bytes that keeping what is shown costs, roughly. */
export function bundleBytes(bundle: MimeBundle): number {
  return Object.values(bundle.data).reduce<number>((sum, form) => sum + textBytes(form), 0);
}

/** Of text, or of what JSON makes of it. */
export function textBytes(form: unknown): number {
  if (typeof form === 'string') return 2 * form.length;
  try {
    return 2 * JSON.stringify(form ?? null).length;
  } catch {
    // No JSON: nothing of ours makes such a bundle.
    return 0;
  }
}
