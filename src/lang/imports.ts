import type { AnyNode, ImportDeclaration, ImportExpression, ImportSpecifier, Program } from 'acorn';
import { ProblemAt } from './cell-syntax-error.ts';
import type { Edits } from './edits.ts';
import { IMPORT_HOOK } from './import-hook.ts';
import { breaksOf } from './positions.ts';
import { walk } from './walk.ts';

/** `import(…)`, wherever it stands. Throws `ProblemAt` for `import.meta`, and for what only modules have and only
 * at their top level. */
export function findDynamicImports(program: Program): readonly ImportExpression[] {
  const found: ImportExpression[] = [];
  walk(program, {
    enter(node, around) {
      if (around.length > 1) refuseInner(node);
      if (node.type === 'ImportExpression') found.push(node);
      if (node.type === 'MetaProperty' && node.meta.name === 'import')
        throw new ProblemAt(NO_META, node.start);
      return true;
    },
  });
  return found;
}

function refuseInner({ type, start }: AnyNode): void {
  if (type === 'ImportDeclaration')
    throw new ProblemAt("'import … from' works only at the top level of a cell; use await import(…)", start);
  if (/^Export\w+Declaration$/.test(type))
    throw new ProblemAt(
      "'export' works only at the top level of a cell, whose names every other cell sees; leave it out",
      start,
    );
}

const NO_META =
  "'import.meta' does not exist in cells, which are no modules; write addresses in full (new URL('https://…'))";

/** The modules named in the text, each once. */
export function specifiersOf(
  declarations: readonly ImportDeclaration[],
  expressions: readonly ImportExpression[],
): readonly string[] {
  const sources = [...declarations, ...expressions]
    .toSorted((a, b) => a.start - b.start)
    .map((one) => one.source);
  const texts = sources.map((source) => (source.type === 'Literal' ? source.value : null));
  return [...new Set(texts.filter((text) => typeof text === 'string'))];
}

export function rewriteDynamicImport(edits: Edits, node: ImportExpression): void {
  edits.replace(node.start, node.start + 'import'.length, IMPORT_HOOK);
}

/** `import a, { b as c } from 's'` becomes an assignment from the awaited module, on the same lines. */
export function rewriteImport(edits: Edits, node: ImportDeclaration): void {
  const code = `;${assignment(node)};`;
  edits.replace(node.start, node.end, code + breaksOf(edits.source.slice(node.start, node.end)));
}

function assignment(node: ImportDeclaration): string {
  const namespace = node.specifiers.find((one) => one.type === 'ImportNamespaceSpecifier');
  const pairs = node.specifiers.flatMap((one) => {
    if (one.type === 'ImportNamespaceSpecifier') return [];
    return [[one.type === 'ImportSpecifier' ? exportName(one) : 'default', one.local.name] as const];
  });
  const names = pairs.map(([exported]) => exported);
  const module = `await ${IMPORT_HOOK}(${hookArguments(node, names)})`;
  const pattern = `{${pairs.map(([exported, local]) => `${JSON.stringify(exported)}:${local}`).join(',')}}`;
  if (!namespace) return pairs.length === 0 ? module : `(${pattern}=${module})`;
  const whole = `${namespace.local.name}=${module}`;
  return pairs.length === 0 ? `(${whole})` : `(${pattern}=${whole})`;
}

function exportName({ imported }: ImportSpecifier): string {
  return imported.type === 'Identifier' ? imported.name : String(imported.value);
}

function hookArguments(node: ImportDeclaration, names: readonly string[]): string {
  const attributes = node.attributes.map(({ key, value }) => {
    const name = key.type === 'Identifier' ? key.name : String(key.value);
    return `${JSON.stringify(name)}:${JSON.stringify(value.value)}`;
  });
  const options = attributes.length > 0 ? `{with:{${attributes.join(',')}}}` : 'void 0';
  const all = [JSON.stringify(node.source.value), options, JSON.stringify(names)];
  if (names.length === 0) all.pop();
  if (names.length === 0 && attributes.length === 0) all.pop();
  return all.join(',');
}
