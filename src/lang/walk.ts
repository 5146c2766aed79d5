import type { AnyNode } from 'acorn';

export interface WalkVisitor {
  /** Called for outer nodes before inner ones, in the order of the text; `false`: what is in it is left out.
   * `around`: the nodes around it, outermost first. The list is used again: copy what is kept. */
  readonly enter?: (node: AnyNode, around: readonly AnyNode[]) => boolean | undefined;
  /** Called for inner nodes before outer ones. */
  readonly leave?: (node: AnyNode, around: readonly AnyNode[]) => void;
}

/** All nodes of a tree. Without recursion: a chain of ten thousand operators is a tree as deep. */
export function walk(root: AnyNode, { enter, leave }: WalkVisitor): void {
  const path: AnyNode[] = [];
  const open: { readonly node: AnyNode; readonly depth: number }[] = [{ node: root, depth: 0 }];
  const leaveDownTo = (depth: number) => {
    while (path.length > depth) {
      const node = path.pop();
      if (node) leave?.(node, path);
    }
  };
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next;
    leaveDownTo(depth);
    const goesIn = enter?.(node, path) !== false;
    path.push(node);
    if (!goesIn) continue;
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (child) open.push({ node: child, depth: depth + 1 });
    }
  }
  leaveDownTo(0);
}

/** The nodes directly in it, in the order in which the parser has found them. */
export function childrenOf(node: AnyNode): readonly AnyNode[] {
  const children: AnyNode[] = [];
  for (const key in node) {
    const value: unknown = node[key as keyof AnyNode];
    if (Array.isArray(value)) for (const one of value) addNode(one, children);
    else addNode(value, children);
  }
  return children;
}

function addNode(value: unknown, nodes: AnyNode[]): void {
  if (typeof value !== 'object' || value === null || !('type' in value)) return;
  if (typeof value.type === 'string') nodes.push(value as AnyNode);
}
