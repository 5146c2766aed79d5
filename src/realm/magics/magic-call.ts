import type { CellPart } from '../../lang/magics.ts';

/** A magic as it stands in a cell. Lines and columns count from 1, in the cell as typed. */
export interface MagicCall {
  /** Without the per cent signs: `px`, `px0`. */
  readonly name: string;
  /** `%%name`: `body` is the rest of the cell. */
  readonly isCell: boolean;
  /** What follows the name on its line. */
  readonly rest: string;
  readonly line: number;
  /** Of `rest`: `padTo(rest, line, column)` stands where it stood. */
  readonly column: number;
  /** For cell magics: what follows the first line, and the line it begins on. */
  readonly body: string;
  readonly bodyLine: number;
  /** For `x = %name …`: the name that gets the magic's value. Else null. */
  readonly assign: string | null;
}

/** `name?` and `name??` are the magics `%pinfo` and `%pinfo2`, as in IPython. */
export function magicCallOf(part: Exclude<CellPart, { readonly kind: 'js' }>): MagicCall {
  switch (part.kind) {
    case 'line-magic': {
      const { name, rest, line, restColumn, assign } = part;
      return { name, isCell: false, rest, line, column: restColumn, body: '', bodyLine: line, assign };
    }
    case 'cell-magic': {
      const { name, rest, line, restColumn, body, bodyLine } = part;
      return { name, isCell: true, rest, line, column: restColumn, body, bodyLine, assign: null };
    }
    case 'help': {
      const { name: rest, line, column, detail } = part;
      const name = detail === 2 ? 'pinfo2' : 'pinfo';
      return { name, isCell: false, rest, line, column, body: '', bodyLine: line, assign: null };
    }
  }
}

/** As typed: `%px`, `%%px`. */
export function signOf(call: { readonly name: string; readonly isCell: boolean }): string {
  return `${call.isCell ? '%%' : '%'}${call.name}`;
}
