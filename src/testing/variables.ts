import type { Variable } from '../protocol/looking.ts';

/** A variable that holds a number, as a realm tells of it. */
export const numberNamed = (name: string, text: string): Variable => ({
  name,
  kind: 'number',
  type: 'number',
  length: null,
  bytes: 8,
  text,
  digest: text,
  whole: true,
});
