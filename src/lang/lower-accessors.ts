import { ProblemAt } from './cell-syntax-error.ts';
import { HIDDEN_PREFIX } from './declarations.ts';
import { NO_ACCESSORS } from './decorator-syntax.ts';
import type { Erasure, Typed } from './typed-nodes.ts';
import { breaksOf } from './positions.ts';

/** `accessor x = 1` becomes a private field with the value, and behind it a getter and a setter. */
export function lowerAccessor({ source, edits }: Erasure, node: Typed): void {
  const { key, computed, decorators = [], start, end } = node;
  if (!key) return;
  const from = Math.max(start, ...decorators.map((one) => one.end));
  const word = from + source.slice(from, key.start).lastIndexOf('accessor');
  if (computed === true || decorators.length > 0) throw new ProblemAt(NO_ACCESSORS, word);
  const name = source.slice(key.start, key.end);
  const field = `#${HIDDEN_PREFIX}Accessor${String(key.start)}`;
  edits.replace(word, key.end, field + breaksOf(source.slice(word, key.end)));
  const isStatic = node.static === true ? 'static ' : '';
  edits.close(
    end,
    `;${isStatic}get ${name}(){return this.${field}}${isStatic}set ${name}(value){this.${field}=value}`,
  );
}
