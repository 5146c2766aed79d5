import { AsyncResult } from '../async-result/async-result.ts';
import { InvalidDependency, ValueError } from '../errors.ts';

import { isIterable } from '../partition.ts';

type NodeResult<R> = AsyncResult<R, 'one'>;

/** The tasks of a graph, by node, in the order of the nodes as they were given. */
export class DagResult<N, R> extends Map<N, NodeResult<R>> {
  /** All of them as one, in the same order. */
  readonly all: AsyncResult<R[], 'many'>;

  constructor(entries: readonly (readonly [N, NodeResult<R>])[]) {
    super(entries);
    this.all = AsyncResult.join(...entries.map(([, result]) => result as AsyncResult<R>));
  }
}

/**
 * Submits the nodes so that each comes after its predecessors.
 * @throws InvalidDependency for a cycle; ValueError for an edge to no node, and for no nodes.
 */
export function planDag<N, R>(
  nodes: Iterable<N>,
  edges: Iterable<readonly [N, N]>,
  submit: (node: N, after: readonly NodeResult<R>[]) => NodeResult<R>,
): DagResult<N, R> {
  if (!isIterable(nodes) || !isIterable(edges))
    throw new TypeError(
      "a graph is a list of nodes and a list of edges, such as (['a', 'b'], [['a', 'b']], f)",
    );
  const given = [...new Set(nodes)];
  if (given.length === 0) throw new ValueError('a graph needs at least one node');
  const before = predecessors(given, edges);
  const order = sorted(given, before);
  const results = new Map<N, NodeResult<R>>();
  for (const node of order) {
    const after = [...(before.get(node) ?? [])].flatMap((other) => results.get(other) ?? []);
    results.set(node, submit(node, after));
  }
  return new DagResult(
    given.flatMap((node) => {
      const result = results.get(node);
      return result ? [[node, result] as const] : [];
    }),
  );
}

function predecessors<N>(nodes: readonly N[], edges: Iterable<readonly [N, N]>): Map<N, Set<N>> {
  const before = new Map(nodes.map((node) => [node, new Set<N>()]));
  for (const edge of edges) {
    if (!isIterable(edge)) throw new TypeError(`an edge is a list of two nodes, not ${String(edge)}`);
    const [from, to] = edge;
    const known = before.get(to);
    if (known === undefined || !before.has(from)) {
      throw new ValueError(
        `the edge ${String(from)} → ${String(to)} leads from or to something that is no node`,
      );
    }
    known.add(from);
  }
  return before;
}

/** Each after those before it; else in the order given. */
function sorted<N>(nodes: readonly N[], before: ReadonlyMap<N, ReadonlySet<N>>): N[] {
  const after = new Map<N, N[]>();
  const missing = new Map<N, number>();
  for (const [node, others] of before) {
    missing.set(node, others.size);
    for (const other of others) {
      const followers = after.get(other) ?? [];
      followers.push(node);
      after.set(other, followers);
    }
  }
  const order = nodes.filter((node) => missing.get(node) === 0);
  for (const node of order) {
    for (const next of after.get(node) ?? []) {
      const left = (missing.get(next) ?? 0) - 1;
      missing.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  if (order.length === nodes.length) return order;
  const stuck = nodes.filter((node) => (missing.get(node) ?? 0) > 0).map(String);
  throw new InvalidDependency(`the graph has a cycle among ${stuck.slice(0, 8).join(', ')}`);
}
