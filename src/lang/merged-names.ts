import type { Erasure, Typed } from './typed-nodes.ts';

/** Names that a list of statements declares, with the statements that do, in order. */
const declared = new WeakMap<object, ReadonlyMap<string, readonly Typed[]>>();

const MERGES = /^(?:ClassDeclaration|FunctionDeclaration|TSEnumDeclaration|TSModuleDeclaration)$/;

/** The declarations of the same name before this one in its list of statements: it adds to what they made. */
export function declaredBefore(node: Typed, name: string, around: readonly Typed[]): readonly Typed[] {
  const parent = around.at(-1);
  const owner = parent && isExport(parent) ? around.at(-2) : parent;
  const list = owner ? statementsOf(owner) : null;
  if (!list) return [];
  const names = declared.get(list) ?? namesIn(list);
  declared.set(list, names);
  return (names.get(name) ?? []).filter((one) => one.start < node.start);
}

/** The namespace that gets what is exported there; null outside of namespaces. */
export function exportedTo(around: readonly Typed[]): string | null {
  const parent = around.at(-1);
  if (!parent || !isExport(parent)) return null;
  const namespace = around.at(-3);
  return namespace?.type === 'TSModuleDeclaration' ? (namespace.id?.name ?? null) : null;
}

/** Of a further part: the names that are exported have been, with the first one. */
export function leaveOutExport(erasure: Erasure, node: Typed, around: readonly Typed[]): void {
  const parent = around.at(-1);
  if (parent && isExport(parent) && exportedTo(around) === null) erasure.erase(parent.start, node.start);
}

export function isExport({ type }: Typed): boolean {
  return type === 'ExportNamedDeclaration';
}

function statementsOf(owner: Typed): readonly Typed[] | null {
  const list: unknown = owner.type === 'SwitchCase' ? Reflect.get(owner, 'consequent') : owner.body;
  return Array.isArray(list) ? (list as readonly Typed[]) : null;
}

function namesIn(list: readonly Typed[]): ReadonlyMap<string, readonly Typed[]> {
  const names = new Map<string, Typed[]>();
  for (const statement of list) {
    const node = (isExport(statement) && statement.declaration) || statement;
    if (!MERGES.test(node.type) || node.declare === true) continue;
    const name = node.id?.name;
    if (name !== undefined) names.set(name, [...(names.get(name) ?? []), node]);
  }
  return names;
}
