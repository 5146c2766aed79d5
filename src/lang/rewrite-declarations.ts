import type { ClassDeclaration, VariableDeclarator } from 'acorn';
import { HIDDEN_PREFIX, type Declarations, type FunctionBlock, type VariableSite } from './declarations.ts';
import type { Edits } from './edits.ts';

/**
 * Turns declarations into assignments to global properties, in place: `const a = 1;` becomes `;(    a = 1);`.
 * The keyword's room is kept, so what follows stays in its column.
 */
export function rewriteDeclarations(edits: Edits, declarations: Declarations): void {
  declarations.variables.forEach((site, index) => {
    if (site.node.kind === 'using' || site.node.kind === 'await using') rewriteUsing(edits, site, index);
    else rewriteVariables(edits, site);
  });
  for (const node of declarations.classes) rewriteClass(edits, node);
  for (const block of declarations.functionBlocks) shieldFunctions(edits, block);
}

function rewriteVariables(edits: Edits, { node, place }: VariableSite): void {
  const opener = { 'statement-list': ';(', 'single-statement': '(', 'for-init': '', 'for-each': '' }[place];
  edits.replace(node.start, node.start + node.kind.length, opener.padEnd(node.kind.length));
  for (const declarator of node.declarations) {
    // `let a;` gives undefined; `var a;` leaves a value that is there.
    if (node.kind === 'let' && !declarator.init) edits.close(declarator.end, ' = void 0');
    if (place === 'for-each') guardLoopTarget(edits, declarator);
  }
  const last = node.declarations.at(-1);
  if (opener === '' || !last) return;
  edits.close(last.end, edits.source[node.end - 1] === ';' ? ')' : ');');
}

/** `for (async of …)` and `for (let of …)` are not in the language, but `for ((async) of …)` is. */
function guardLoopTarget(edits: Edits, { id }: VariableDeclarator): void {
  if (id.type !== 'Identifier' || !['async', 'let'].includes(id.name)) return;
  edits.open(id.start, '(');
  edits.close(id.end, ')');
}

/** The resource is disposed of when the cell ends; its name stays. */
function rewriteUsing(edits: Edits, { node }: VariableSite, index: number): void {
  node.declarations.forEach((declarator, position) => {
    edits.open(declarator.start, `${HIDDEN_PREFIX}Using${String(index)}_${String(position)} = (`);
    edits.close(declarator.end, ')');
  });
}

function rewriteClass(edits: Edits, node: ClassDeclaration): void {
  edits.open(node.start, `;${node.id.name} = `);
  edits.close(node.end, ';');
}

/**
 * A function in a block belongs to the block, as in modules. Sloppy code would also make it a variable of
 * the function around (Annex B of the language), and that variable would hide the global of the same name.
 * It does not do so where a `let` of the name stands in between.
 */
function shieldFunctions(edits: Edits, { node, names }: FunctionBlock): void {
  edits.open(node.start, `{let ${names.join(', ')};{`);
  edits.close(node.end, '}}');
}
