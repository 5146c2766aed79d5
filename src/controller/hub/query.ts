import {
  $all,
  $and,
  $elemMatch,
  $eq,
  $exists,
  $gt,
  $gte,
  $in,
  $lt,
  $lte,
  $mod,
  $ne,
  $nin,
  $nor,
  $not,
  $options,
  $or,
  $regex,
  $size,
  createEqualsOperation,
  createQueryTester,
} from 'sift';

type Operations = NonNullable<NonNullable<Parameters<typeof createQueryTester>[1]>['operations']>;

/**
 * MongoDB's query language over records. Not `$where` and `$type`: they take functions, and the first would run
 * text as code. Ours is `$glob`: `*` is any text, `?` any one character, `[a-c]` one of these.
 */
const OPERATIONS: Operations = {
  ...{ $eq, $ne, $lt, $lte, $gt, $gte, $in, $nin, $all, $mod, $exists, $elemMatch, $size },
  ...{ $regex, $options, $and, $or, $nor, $not },
  $glob: (pattern: unknown, query: unknown, options) => {
    if (typeof pattern !== 'string') throw new Error('$glob takes a pattern as text, like "fit-*".');
    return createEqualsOperation(globExpression(pattern), query, options);
  },
};

/** @throws Error with a reason for the reader. */
export function createTester(query: unknown): (record: object) => boolean {
  if (typeof query !== 'object' || query === null || Array.isArray(query)) {
    throw new Error('it must be an object like { label: "fit" }.');
  }
  return createQueryTester<object>(query, { operations: OPERATIONS });
}

export function globExpression(pattern: string): RegExp {
  const parts = pattern.match(/\[!?[^\]]+\]|[\s\S]/g) ?? [];
  const source = parts.map((part) => {
    if (part === '*') return '[\\s\\S]*';
    if (part === '?') return '[\\s\\S]';
    if (part.length > 1) return part.replace(/\\/g, '\\\\').replace(/^\[!/, '[^');
    return part.replace(/[.+^${}()|[\]\\/]/g, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`);
}
