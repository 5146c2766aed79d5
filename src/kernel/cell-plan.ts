import type { CompiledCode } from '../protocol/code.ts';
import { splitMagics, type CellPart } from '../lang/magics.ts';
import type { MagicCall, MagicRegistry, MagicResult } from './magics/magic.ts';
import { UsageError } from './magics/arguments.ts';
import type { RunContext } from './run-context.ts';

/** One thing that a cell does, checked and ready. */
export type Step = () => Promise<MagicResult>;

/**
 * What a cell will do, in order. Everything that can be wrong with its text is found here: code that does not
 * parse, unknown magics, bad flags. When this throws, nothing of the cell has run.
 */
export function planCell(source: string, magics: MagicRegistry, context: RunContext): readonly Step[] {
  const parts = splitMagics(source, { known: magics.names() });
  return parts.map((part) => planPart(part, magics, context));
}

function planPart(part: CellPart, magics: MagicRegistry, context: RunContext): Step {
  switch (part.kind) {
    case 'js': {
      const code: CompiledCode = context.compile(part.source);
      return () => context.execute(code);
    }
    case 'line-magic':
      return planMagic(
        { ...part, column: part.restColumn, isCell: false, body: '', bodyLine: part.line },
        part.assign,
        magics,
        context,
      );
    case 'cell-magic':
      return planMagic({ ...part, column: part.restColumn, isCell: true }, null, magics, context);
    case 'help':
      return planMagic(
        {
          name: part.detail === 2 ? 'pinfo2' : 'pinfo',
          isCell: false,
          rest: part.name,
          line: part.line,
          column: 0,
          body: '',
          bodyLine: part.line,
        },
        null,
        magics,
        context,
      );
  }
}

function planMagic(
  call: MagicCall,
  assign: string | null,
  magics: MagicRegistry,
  context: RunContext,
): Step {
  const magic = magics.get(call.name);
  if (magic === undefined) {
    const sign = call.isCell ? '%%' : '%';
    throw new UsageError(
      `There is no magic ${sign}${call.name} (line ${String(call.line)}). Nothing was run. ` +
        `There are: ${[...magics.names()].map((name) => `%${name}`).join(' ')}`,
    );
  }
  const run = magic(call, context);
  if (assign === null) return run;
  return async () => {
    const result = await run();
    context.bind(assign, result.value);
    return {};
  };
}
