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
  $size,
  createEqualsOperation,
  createQueryTester,
} from 'sift';
import { LinearExpression, MatchingBudget } from './linear-expression.ts';

type Operations = NonNullable<NonNullable<Parameters<typeof createQueryTester>[1]>['operations']>;

/**
 * MongoDB's query language over records. Not `$where` and `$type`: they take functions, and the first would run
 * text as code. Ours is `$glob`: `*` is any text, `?` any one character, `[a-c]` one of these. Expressions are matched
 * in linear time.
 */
const OPERATIONS: Operations = {
  ...{ $eq, $ne, $lt, $lte, $gt, $gte, $in, $nin, $all, $mod, $exists, $elemMatch, $size },
  ...{ $options, $and, $or, $nor, $not },
};

/** Values in a query times records: more is nobody's question. */
const MOST_COMPARISONS = 100_000_000;

/** `records`: how many will be tested. @throws Error with a reason for the reader, also when it tests. */
export function createTester(query: unknown, records: number): (record: object) => boolean {
  if (typeof query !== 'object' || query === null || Array.isArray(query)) {
    throw new Error('it must be an object like { label: "fit" }.');
  }
  const budget = new MatchingBudget();
  const operations: Operations = {
    ...OPERATIONS,
    $regex: (pattern: unknown, owner: { readonly $options?: unknown }, options) => {
      const { source, flags } = expressionOf(pattern);
      const wanted = typeof owner.$options === 'string' ? owner.$options : flags;
      return createEqualsOperation(new LinearExpression(source, wanted, budget), owner, options);
    },
    $glob: (pattern: unknown, owner, options) => {
      if (typeof pattern !== 'string') throw new Error('$glob takes a pattern as text, like "fit-*".');
      const { source, flags } = globExpression(pattern);
      return createEqualsOperation(new LinearExpression(source, flags, budget), owner, options);
    },
  };
  const size = { values: 0 };
  const bounded = withLinear(query, budget, size);
  if (size.values * Math.max(1, records) > MOST_COMPARISONS) throw new Error('it asks too much at once.');
  return createQueryTester<object>(bounded as object, { operations });
}

function expressionOf(pattern: unknown): { readonly source: string; readonly flags: string } {
  if (pattern instanceof RegExp) return pattern;
  if (typeof pattern === 'string') return { source: pattern, flags: '' };
  throw new Error('$regex takes an expression, like /fit-\\d+/ or its text.');
}

/** The query with expressions of ours in place of the language's, wherever they stand. */
function withLinear(value: unknown, budget: MatchingBudget, size: { values: number }): unknown {
  size.values++;
  if (value instanceof RegExp) return new LinearExpression(value.source, value.flags, budget);
  if (Array.isArray(value)) return value.map((item) => withLinear(item, budget, size));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withLinear(item, budget, size)]),
  );
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
