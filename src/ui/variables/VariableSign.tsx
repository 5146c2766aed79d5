import type { ReactNode } from 'react';
import type { VariableKind } from '../../protocol/looking.ts';
import { engineStyle } from '../engines/EngineMark.tsx';
import type { MatrixCell } from './matrix.ts';

/** What a value is, in a sign or two. */
const SIGNS: Readonly<Record<VariableKind, string>> = {
  number: '#',
  string: '“”',
  word: '•',
  list: '[]',
  object: '{}',
  function: 'ƒ',
  class: 'C',
};

/**
 * A cell of the matrix: its sign says what kind of value it is, its shape whether that is the same as on the other
 * engines (round) or not (square and filled). Says nothing itself: a label stands beside it.
 */
export function VariableSign({ cell }: { readonly cell: MatrixCell }): ReactNode {
  const { lane, variable, relation, presence } = cell;
  if (presence === 'absent') return <span className="variable-sign absent" aria-hidden="true" />;
  const classes = [
    'variable-sign',
    relation ?? (lane === null ? 'kernel' : 'named'),
    ...(lane !== null && lane % 16 >= 8 ? ['patterned'] : []),
  ];
  return (
    <span
      className={classes.join(' ')}
      {...(lane === null ? {} : { style: engineStyle(lane) })}
      aria-hidden="true"
    >
      {variable ? SIGNS[variable.kind] : '?'}
    </span>
  );
}
