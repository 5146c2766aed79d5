import type { Pattern } from 'acorn';
import { boundNames, HIDDEN_PREFIX } from './declarations.ts';
import { isOnlyType, type Erasure, type Typed } from './typed-nodes.ts';
import { declaredBefore, exportedTo, isExport, leaveOutExport } from './merged-names.ts';
import { breaksOf } from './positions.ts';

interface Namespace extends Typed {
  readonly id: Typed;
  readonly body: Typed;
}

export function isNamespace(node: Typed): node is Namespace {
  return node.type === 'TSModuleDeclaration';
}

/**
 * `namespace N { export const a = 1 }` becomes `let N={};(()=>{ const a = 1;N.a=a; })();`. A namespace of types
 * alone, or one that is only declared, leaves nothing.
 */
export function lowerNamespace(erasure: Erasure, node: Namespace, around: readonly Typed[]): void {
  const { source, edits } = erasure;
  const outer = around.at(-1);
  // The second of `A.B` has been dealt with together with the first.
  if (outer && isNamespace(outer)) return;
  if (!hasCode(node)) {
    const whole = outer && isExport(outer) ? outer : node;
    erasure.erase(whole.start, whole.end, ';');
    erasure.skip(node.id);
    erasure.skip(node.body);
    return;
  }
  const name = node.id.name ?? '';
  const earlier = declaredBefore(node, name, around).filter((one) => !isNamespace(one) || hasCode(one));
  if (earlier.length > 0) leaveOutExport(erasure, node, around);
  const owner = exportedTo(around);
  const value = owner === null ? '{}' : `${owner}.${name}??={}`;
  let head = earlier.length > 0 ? ';(()=>{' : `let ${name}=${value};(()=>{`;
  let inner = node;
  let end = '})();';
  for (; isNamespace(inner.body); inner = inner.body) {
    const next = inner.body.id.name ?? '';
    head += `let ${next}=${inner.id.name ?? ''}.${next}??={};(()=>{`;
    end += '})();';
    erasure.skip(inner.id);
  }
  erasure.skip(inner.id);
  const block = inner.body;
  const own = inner.id.name ?? '';
  const known = earlier
    .filter(isNamespace)
    .flatMap((one) => (isNamespace(one.body) ? [] : exportedNames(one.body)));
  const names = [...new Set(known)].filter((one) => !namesIn(block).has(one));
  if (names.length > 0) head += `const {${names.join()}}=${own};`;
  for (const { declaration } of statementsOf(block).filter(isExport))
    if (declaration?.type === 'FunctionDeclaration')
      head += `${own}.${nameOf(declaration)}=${nameOf(declaration)};`;
  edits.replace(node.start, block.start + 1, head + breaksOf(source.slice(node.start, block.start + 1)));
  edits.replace(block.end - 1, block.end, end);
  for (const statement of statementsOf(block)) if (isExport(statement)) lowerExport(erasure, statement, own);
}

function lowerExport(erasure: Erasure, { start, declaration }: Typed, owner: string): void {
  if (!declaration || isOnlyType(declaration)) return;
  const { edits } = erasure;
  erasure.erase(start, declaration.start);
  switch (declaration.type) {
    case 'VariableDeclaration': {
      const names = variablesOf(declaration);
      const give = declaration.kind === 'const' ? copied(names, owner) : live(names, owner);
      edits.close(declaration.end, `;${give}`);
      break;
    }
    case 'ClassDeclaration':
      edits.close(declaration.end, `;${copied([nameOf(declaration)], owner)}`);
      break;
    default:
  }
}

function copied(names: readonly string[], owner: string): string {
  return names.map((name) => `${owner}.${name}=${name};`).join('');
}

/** What may be assigned again, from inside or from outside. */
function live(names: readonly string[], owner: string): string {
  const hidden = `${HIDDEN_PREFIX}Value`;
  const one = (name: string) =>
    `({}).constructor.defineProperty(${owner},"${name}",{get:()=>${name},set:(${hidden})=>{${name}=${hidden}},enumerable:true,configurable:true});`;
  return names.map(one).join('');
}

function statementsOf(block: Typed): readonly Typed[] {
  return block.body as unknown as readonly Typed[];
}

function nameOf({ id }: Typed): string {
  return id?.name ?? '';
}

function variablesOf(node: Typed): readonly string[] {
  const { declarations } = node as unknown as { readonly declarations: readonly { readonly id: Pattern }[] };
  return declarations.flatMap(({ id }) => boundNames(id).map(({ name }) => name));
}

function declaredNames(node: Typed): readonly string[] {
  if (isOnlyType(node)) return [];
  return node.type === 'VariableDeclaration'
    ? variablesOf(node)
    : node.id?.name === undefined
      ? []
      : [node.id.name];
}

function exportedNames(block: Typed): readonly string[] {
  return statementsOf(block)
    .filter(isExport)
    .flatMap(({ declaration }) => (declaration ? declaredNames(declaration) : []));
}

function namesIn(block: Typed): ReadonlySet<string> {
  return new Set(
    statementsOf(block).flatMap((one) => declaredNames((isExport(one) && one.declaration) || one)),
  );
}

function hasCode(node: Namespace): boolean {
  if (node.declare === true || node.id.type !== 'Identifier' || Reflect.get(node, 'global') === true)
    return false;
  if (isNamespace(node.body)) return hasCode(node.body);
  return statementsOf(node.body).some((one) => {
    const inner = (isExport(one) && one.declaration) || one;
    return !isOnlyType(inner) && (!isNamespace(inner) || hasCode(inner));
  });
}
