/**
 * What a browser draws of SVG in which parts are used again: `<use>` of a group that uses another, ten times over,
 * nine levels deep, is a few lines of text and a thousand million shapes.
 */

/** Elements by number; a child has a greater number than its parent. */
export interface DrawnTree {
  readonly parents: readonly number[];
  /** Which element is drawn again for which: by `href`, or as its `fill`, `mask`, `marker`. */
  readonly uses: readonly { readonly at: number; readonly target: number }[];
}

/** How many elements are drawn for the roots, those that are drawn again counted each time. Infinite where an element
 * is drawn in itself. Linear. */
export function drawnSize({ parents, uses }: DrawnTree): number {
  const count = parents.length;
  const inside: number[][] = parents.map(() => []);
  for (const [node, parent] of parents.entries()) if (parent >= 0) inside[parent]?.push(node);
  for (const { at, target } of uses) inside[at]?.push(target);
  const sizes = new Float64Array(count);
  const state = new Uint8Array(count);
  const NEW = 0;
  const OPEN = 1;
  const next = new Int32Array(count);
  let total = 0;
  for (let root = 0; root < count; root++) {
    if ((parents[root] ?? -1) >= 0) continue;
    const stack = state[root] === NEW ? [root] : [];
    while (stack.length > 0) {
      const node = stack.at(-1) ?? 0;
      if (state[node] === NEW) {
        state[node] = OPEN;
        sizes[node] = 1;
      }
      const child = inside[node]?.[next[node] ?? 0];
      next[node] = (next[node] ?? 0) + 1;
      if (child === undefined) {
        state[node] = 2;
        stack.pop();
        const above = stack.at(-1);
        if (above !== undefined) sizes[above] = (sizes[above] ?? 0) + (sizes[node] ?? 0);
      } else if (state[child] === OPEN) {
        sizes[node] = Infinity;
      } else if (state[child] === NEW) {
        stack.push(child);
      } else {
        sizes[node] = (sizes[node] ?? 0) + (sizes[child] ?? 0);
      }
    }
    total += sizes[root] ?? 0;
  }
  return total;
}
