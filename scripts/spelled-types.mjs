// IPython's spelling in the declarations: a class that says `spell(TheClass)` has a snake_case twin of every
// member. The twins are made here from the members themselves, by the rule that makes them at run time.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** `snakeCase` of src/client/spelling.ts, the one place of the rule. */
const { snakeCase } = await import(
  `data:text/javascript,${encodeURIComponent(
    ts.transpileModule(readFileSync(new URL('../src/client/spelling.ts', import.meta.url), 'utf8'), {
      compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
    }).outputText,
  )}`
);

/** `text` declares what `source` has; gives the same with the twins of the classes that `source` spells. */
export function withSpelling(text, source) {
  const spelled = spelledClasses(source);
  if (spelled.size === 0) return text;
  const file = ts.createSourceFile('spelled.d.ts', text, ts.ScriptTarget.ESNext, true);
  return file.statements
    .filter((node) => ts.isClassDeclaration(node) && spelled.has(node.name?.text))
    .toReversed()
    .reduce((all, node) => {
      const end = node.getEnd() - 1;
      return all.slice(0, end) + twinsOf(node, spelled.get(node.name.text)) + all.slice(end);
    }, text);
}

/** The classes, and which of their fields have twins too. */
function spelledClasses(source) {
  const found = new Map();
  for (const statement of source?.statements ?? []) {
    const call = ts.isExpressionStatement(statement) && statement.expression;
    if (!call || !ts.isCallExpression(call) || call.expression.getText(source) !== 'spell') continue;
    const [type, fields] = call.arguments;
    const names =
      fields && ts.isArrayLiteralExpression(fields) ? fields.elements.map(({ text }) => text) : [];
    found.set(type.getText(source), new Set(names));
  }
  return found;
}

function twinsOf(node, fields) {
  const own = new Set(node.members.map((member) => member.name?.getText()));
  return node.members
    .filter(({ name }) => name && ts.isIdentifier(name))
    .filter((member) => !ts.isPropertyDeclaration(member) || isStatic(member) || fields.has(member.name.text))
    .filter((member) => !isHidden(member) && !own.has(snakeCase(member.name.text)))
    .map(twinOf)
    .join('');
}

function twinOf(member) {
  const from = member.getFullStart();
  const text = member.getFullText();
  const { name } = member;
  const twin =
    text.slice(0, name.getStart() - from) + snakeCase(name.text) + text.slice(name.getEnd() - from);
  return `${twin.replace(/\babstract (?=[^\n]*$)/, '')}\n`;
}

function isHidden(member) {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (ts.getCombinedModifierFlags(member) & hidden) !== 0;
}

function isStatic(member) {
  return (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
}
