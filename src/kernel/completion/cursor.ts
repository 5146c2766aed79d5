import { parsePath } from '../../realm/names.ts';

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const STEP = String.raw`(?:\[\d+\]|\["[^"\n]*"\]|\['[^'\n]*'\])`;
const CHAIN = new RegExp(
  String.raw`(?<![\p{ID_Continue}$.\])"'])((?:${NAME}${STEP}*\??\.)*)(${NAME})?$`,
  'u',
);

/** What stands before the cursor. */
export interface BeforeCursor {
  /** The names before the last dot; empty for a name that stands alone; null where only running code could
   * tell (`f().`). */
  readonly path: readonly string[] | null;
  /** What has been typed of the name, and where it begins. */
  readonly prefix: string;
  readonly from: number;
}

export function beforeCursor(code: string, cursor: number): BeforeCursor {
  const text = code.slice(0, cursor);
  const line = text.slice(Math.max(text.lastIndexOf('\n') + 1, text.length - 1000));
  const typed = new RegExp(`(?:${NAME})?$`, 'u').exec(line)?.[0] ?? '';
  const from = cursor - typed.length;
  const [, chain, prefix = ''] = CHAIN.exec(line) ?? [];
  if (chain === undefined || prefix !== typed) return { path: pathless(line, typed), prefix: typed, from };
  const dotted = chain.replaceAll('?.', '.').replace(/\.$/, '');
  return { path: dotted === '' ? [] : pathOf(dotted), prefix, from };
}

/** `f().x` has a dot before the name, `f()x` has none. */
function pathless(line: string, typed: string): readonly string[] | null {
  return line
    .slice(0, line.length - typed.length)
    .trimEnd()
    .endsWith('.')
    ? null
    : [];
}

function pathOf(text: string): readonly string[] | null {
  try {
    return parsePath(text);
  } catch {
    return null;
  }
}

/** The name that the cursor stands in or at the end of, with the path before it. */
export function nameAt(
  code: string,
  cursor: number,
): {
  readonly from: number;
  readonly to: number;
  readonly path: readonly string[];
  readonly text: string;
} | null {
  const rest = new RegExp(String.raw`^[\p{ID_Continue}$]*`, 'u').exec(code.slice(cursor))?.[0] ?? '';
  const to = cursor + rest.length;
  const { path, prefix, from } = beforeCursor(code, to);
  if (path === null || prefix === '') return null;
  return { from, to, path: [...path, prefix], text: [...path, prefix].join('.') };
}
