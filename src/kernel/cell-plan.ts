import { splitMagics, type CellPart } from '../lang/magics.ts';
import { padTo } from '../lang/positions.ts';
import { hasOnlyRealmMagics } from '../realm/magics/compile-with-magics.ts';
import { UsageError } from '../realm/magics/flags.ts';
import { magicCallOf, signOf, type MagicCall } from '../realm/magics/magic-call.ts';
import { checkForm, isRealmMagic } from '../realm/magics/realm-calls.ts';
import type { AutopxView } from './magics/autopx.ts';
import type { MagicRegistry } from './magics/magic.ts';
import type { RunContext, Step } from './run-context.ts';

/**
 * What a cell will do, in order. Everything that can be wrong with its text is found here: code that does not
 * parse, unknown magics, bad flags. When this throws, nothing of the cell has run.
 */
export function planCell(source: string, magics: MagicRegistry, context: RunContext): readonly Step[] {
  return splitMagics(source, { known: magics.names() }).map((part) => planPart(part, magics, context));
}

/**
 * The same under %autopx: code goes to the engines, with the magics that engines run themselves; other magics
 * (`%px`, `%autopx` itself, questions for help) talk to the kernel as ever.
 */
export function planAutopx(
  source: string,
  autopx: AutopxView,
  magics: MagicRegistry,
  context: RunContext,
): readonly Step[] {
  const parts = splitMagics(source, { known: magics.names() });
  if (hasOnlyRealmMagics(parts)) return [autopx.prepareCell(source, context)];
  return parts.map((part) => {
    const remote = remoteText(part);
    return remote === null ? planPart(part, magics, context) : autopx.prepareCell(remote, context);
  });
}

function planPart(part: CellPart, magics: MagicRegistry, context: RunContext): Step {
  if (part.kind !== 'js') return planMagic(magicCallOf(part), magics, context);
  const code = context.compile(part.source);
  return () => context.interrupts.race(Promise.resolve().then(() => context.load(code)()));
}

function planMagic(call: MagicCall, magics: MagicRegistry, context: RunContext): Step {
  const magic = magics.get(call.name);
  if (magic === undefined) throw unknownMagic(call, magics);
  checkForm(call, magic);
  const run = magic.prepare(call, context);
  const { assign } = call;
  if (assign === null) return run;
  return async () => {
    const result = await run();
    context.bind(assign, result.value);
    return {};
  };
}

/** The text of a part that engines can run, at its place; null for what is the kernel's. */
function remoteText(part: CellPart): string | null {
  if (part.kind === 'js') return part.source;
  if (part.kind !== 'line-magic' || !isRealmMagic(part.name)) return null;
  const assigned = part.assign === null ? '' : `${part.assign} = `;
  return padTo(`${assigned}%${part.name} ${part.rest}`, part.line, part.column);
}

function unknownMagic(call: MagicCall, magics: MagicRegistry): UsageError {
  const { line, cell } = magics.listed();
  return new UsageError(
    `There is no magic ${signOf(call)} (line ${String(call.line)}). Nothing was run. ` +
      `There are: ${[...line, ...cell].join(' ')}`,
  );
}
