import { transform } from 'sucrase';
import { ProblemAt } from './cell-syntax-error.ts';
import { NO_NAMESPACES } from './syntax-messages.ts';
import type { ColumnShift, ShiftLayer } from './positions.ts';

export interface StrippedText {
  /** JavaScript, every token on the line where it stood. */
  readonly text: string;
  readonly shifts: ShiftLayer;
}

/**
 * TypeScript to JavaScript. Types go, `enum` and parameter properties become code, and an import that this
 * cell does not use stays: a later cell may. Throws `ProblemAt`.
 */
export function stripTypes(source: string): StrippedText {
  const { code, sourceMap } = transpile(source);
  refuseNamespaces(source, code);
  return { text: freshEnums(source, code), shifts: shiftsFromMappings(sourceMap?.mappings ?? '') };
}

function transpile(source: string): ReturnType<typeof transform> {
  try {
    return transform(source, {
      transforms: ['typescript'],
      disableESTransforms: true,
      keepUnusedImports: true,
      preserveDynamicImport: true,
      filePath: 'cell',
      sourceMapOptions: { compiledFilename: 'cell' },
    });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const offset = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;
    throw new ProblemAt(error.message.replace(/^Error transforming cell: /, ''), offset);
  }
}

/**
 * Sucrase writes `enum A` as `var A; (function (A) {…})(A || (A = {}))`. A `var` keeps the value it has from
 * an earlier run, whose members would then stay; a `let` begins anew.
 */
function freshEnums(source: string, code: string): string {
  return code.replace(/\bvar (([\w$]|[^\0-\x7f])+); \(function \(\1\) \{/g, (generated) =>
    source.includes(generated) ? generated : generated.replace('var', 'let'),
  );
}

/** Sucrase drops `namespace N { … }` with all the code in it. Silence would be the worst answer. */
function refuseNamespaces(source: string, code: string): void {
  const lines = code.split('\n');
  for (const match of source.matchAll(/^[ \t]*(?:namespace|module)[ \t]+[\w$.]+[ \t]*\{/gm)) {
    const line = source.slice(0, match.index).split('\n').length - 1;
    if (lines[line]?.includes(match[0].trim())) continue;
    // At the name, where JavaScript too stops understanding, so that this is the error that counts.
    throw new ProblemAt(NO_NAMESPACES, match.index + match[0].search(/[\w$.]+[ \t]*\{$/));
  }
}

/** Sucrase maps each token to its own line, so only columns are of interest. */
function shiftsFromMappings(mappings: string): ShiftLayer {
  const shifts: ColumnShift[] = [];
  let sourceColumn = 0;
  mappings.split(';').forEach((lineMappings, index) => {
    let column = 0;
    let delta = 0;
    for (const segment of lineMappings.split(',').filter(Boolean)) {
      const [columnStep = 0, , , sourceStep = 0] = decodeVlq(segment);
      column += columnStep;
      sourceColumn += sourceStep;
      if (sourceColumn - column === delta) continue;
      delta = sourceColumn - column;
      shifts.push([index + 1, column + 1, delta]);
    }
  });
  return shifts;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The numbers of one source map segment: five bits to a letter, lowest first, the sign in the lowest bit. */
function decodeVlq(segment: string): readonly number[] {
  const numbers: number[] = [];
  let value = 0;
  let bits = 0;
  for (const letter of segment) {
    const digit = BASE64.indexOf(letter);
    value |= (digit & 31) << bits;
    bits += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    bits = 0;
  }
  return numbers;
}
