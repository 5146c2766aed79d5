import { HIDDEN_PREFIX } from '../../lang/declarations.ts';
import { compileCell } from '../../lang/compile-cell.ts';
import { splitMagics, type CellPart } from '../../lang/magics.ts';
import type { CompiledCode } from '../../protocol/code.ts';
import { UsageError } from './flags.ts';
import { magicCallOf, signOf, type MagicCall } from './magic-call.ts';
import { isRealmMagic, readRealmMagic, REALM_MAGICS, type RealmUse } from './realm-calls.ts';
import { timedCode } from './timed-code.ts';

/**
 * Code for engines, in which lines may be magics that engines run themselves: `%%px` over `%timeit f()`. The
 * rewriting happens where the code is submitted; what travels is code that calls one hidden function of the
 * realm. Any other magic is refused here, before anything is sent.
 */
export const MAGIC_HOOK = `${HIDDEN_PREFIX}Magic`;

const KNOWN = new Set(Object.keys(REALM_MAGICS));

/** Throws CellSyntaxError, or UsageError for what is wrong with a magic. */
export function compileWithMagics(source: string, options: { readonly url: string }): CompiledCode {
  const parts = splitMagics(source, { known: KNOWN });
  if (parts.every((part) => part.kind === 'js')) return compileCell(source, options);
  return joined(parts.map((part) => compilePart(part, options)));
}

/** Whether a cell has magics in it, and engines know them all. */
export function hasOnlyRealmMagics(parts: readonly CellPart[]): boolean {
  return parts.every((part) => part.kind === 'js' || (part.kind !== 'help' && isRealmMagic(part.name)));
}

/** One part: an expression that does it, and gives a boxed value or a promise of one. */
interface Piece {
  readonly js: string;
  readonly codes: readonly CompiledCode[];
}

function compilePart(part: CellPart, options: { readonly url: string }): Piece {
  if (part.kind === 'js') {
    const code = compileCell(part.source, options);
    return { js: `${functionOf(code)}()`, codes: [code] };
  }
  const call = magicCallOf(part);
  if (!isRealmMagic(call.name)) throw notOnEngines(call);
  return compileMagic(readRealmMagic(call.name, call), call.assign, options);
}

function compileMagic(
  { call, body, setup }: RealmUse,
  assign: string | null,
  options: { readonly url: string },
): Piece {
  const compile = (source: string) => compileWithMagics(source, options);
  const before = setup === null ? null : compile(setup);
  const timed =
    body === null
      ? null
      : call.name === 'timeit'
        ? timedCode(body, compile)
        : { code: compile(body), isFactory: false };
  const bodyJs = timed === null ? 'null' : functionOf(timed.code) + (timed.isFactory ? '().value' : '');
  const beforeJs = before === null ? 'null' : functionOf(before);
  return {
    js: `${MAGIC_HOOK}(${JSON.stringify(call)}, ${bodyJs}, ${beforeJs}, ${JSON.stringify(assign)})`,
    codes: [...(before === null ? [] : [before]), ...(timed === null ? [] : [timed.code])],
  };
}

/** Evaluated on its own, so that its lines and its name are those of the cell. */
function functionOf(code: CompiledCode): string {
  return `(0, eval)(${JSON.stringify(code.js)})`;
}

function joined(pieces: readonly Piece[]): CompiledCode {
  const codes = pieces.flatMap((piece) => piece.codes);
  const steps = pieces.map(({ js }) => `box = await ${js};`);
  return {
    js: `(async () => { let box = {};\n${steps.join('\n')}\nreturn box; })`,
    isAsync: true,
    defines: [...new Set(codes.flatMap((code) => code.defines))],
    // Each piece has lines of its own, so their layers do not disturb each other.
    shifts: codes.flatMap((code) => code.shifts ?? []),
  };
}

function notOnEngines(call: MagicCall): UsageError {
  const what = call.name.startsWith('pinfo')
    ? `${call.rest}? works in the kernel only`
    : `engines have no magic ${signOf(call)}`;
  const known = [...KNOWN].map((name) => `%${name}`);
  return new UsageError(
    `${what} (line ${String(call.line)}). Nothing was run. On engines there are ${known.slice(0, -1).join(', ')} and ${known.at(-1) ?? ''}.`,
  );
}
