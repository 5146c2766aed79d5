import type { Cell } from '../../notebook/document.ts';

interface Props {
  readonly cell: Cell;
}

/** For what shows of a code cell all but its text: it is not drawn again with each key. */
export function isSameButSource<P extends Props>(before: P, after: P): boolean {
  return (
    isSame(before, after, 'cell') &&
    (before.cell === after.cell || (after.cell.kind === 'code' && isSame(before.cell, after.cell, 'source')))
  );
}

function isSame<T extends object>(before: T, after: T, but: keyof T): boolean {
  const names = [...Object.keys(before), ...Object.keys(after)] as (keyof T)[];
  return names.every((name) => name === but || before[name] === after[name]);
}
