import type { AnyNode, Class, MethodDefinition, Program, PropertyDefinition } from 'acorn';
import { ProblemAt } from './cell-syntax-error.ts';
import { ANONYMOUS_CLASS, DECORATOR_HOOK as HOOK, type MemberKind } from './decorator-hook.ts';
import { decoratorsOf, type Decorator } from './decorator-syntax.ts';
import { Edits } from './edits.ts';
import { breaksOf, type ShiftLayer } from './positions.ts';
import { walk } from './walk.ts';

type Member = MethodDefinition | PropertyDefinition;

/**
 * Classes with decorators as classes without, in place. A member's decorators become the computed key of a
 * getter in front of it, so they are evaluated where and when the language says, and the member itself keeps
 * its text. A static block, which comes before all static fields, has them applied (`decorator-hook.ts`).
 * Classes inside decorators are left for the next round. Null when there is nothing to do.
 *
 * Known differences from the language: inside its own body a class's name means the class as it was before
 * its own decorators, and those see its static fields; initializers that a field's decorator adds run before
 * all fields.
 */
export function lowerDecorators(text: string, program: Program): { text: string; shifts: ShiftLayer } | null {
  const edits = new Edits(text);
  let count = 0;
  // Inner ones first: what closes at the same place closes them first.
  const leave = (node: AnyNode, around: readonly AnyNode[]) => {
    if (node.type !== 'ClassDeclaration' && node.type !== 'ClassExpression') return;
    const name = node.id?.name ?? nameFor(around.at(-1));
    const members = node.body.body.filter((one): one is Member => decoratorsOf(one).length > 0);
    if (members.length > 0) lowerMembers(edits, node, members, name);
    if (decoratorsOf(node).length > 0) lowerClass(edits, node, name);
    if (members.length > 0 || decoratorsOf(node).length > 0) count++;
  };
  walk(program, { leave });
  return count === 0 ? null : edits.apply();
}

function lowerMembers(edits: Edits, node: Class, members: readonly Member[], name: string): void {
  const site = node.start;
  const inner = node.id?.name ?? ANONYMOUS_CLASS;
  if (!node.id) edits.close(node.start + 'class'.length, ` ${ANONYMOUS_CLASS}`);
  const apply = `static{${HOOK}.apply(${String(site)},this,${JSON.stringify(name)})}`;
  const hasInstance = members.some((member) => !member.static);
  const init = hasInstance ? `#${HOOK}=${HOOK}.init(this,${inner});` : '';
  edits.close(node.body.start + 1, apply + init);
  members.forEach((member, index) => {
    lowerMember(edits, member, site, index);
    if (member.type === 'PropertyDefinition') lowerValue(edits, member, inner, index);
  });
}

function lowerMember(edits: Edits, member: Member, site: number, index: number): void {
  const { key, computed } = member;
  if (key.type === 'PrivateIdentifier') {
    const [decorator] = decoratorsOf(member);
    throw new ProblemAt(NO_PRIVATE, decorator?.start ?? key.start);
  }
  const name = computed ? '' : key.type === 'Identifier' ? key.name : String(literalOf(key));
  const facts = `${JSON.stringify(kindOf(member))},${String(member.static)},${JSON.stringify(name)}`;
  const open = `;static get[${HOOK}.member([${String(site)},${String(index)}],[`;
  lowerList(edits, decoratorsOf(member), open, `],${facts})](){}`);
  if (!computed) return;
  edits.open(key.start, `${HOOK}.key(${String(site)},`);
  edits.close(key.end, ')');
}

const NO_PRIVATE = 'Decorators do not work on private members; give the member a name without #';

function literalOf(key: AnyNode): unknown {
  return key.type === 'Literal' ? (key.bigint ?? key.value) : '';
}

function kindOf(member: Member): MemberKind {
  if (member.type === 'PropertyDefinition') return 'field';
  return member.kind === 'get' ? 'getter' : member.kind === 'set' ? 'setter' : 'method';
}

function lowerValue(edits: Edits, { key, value, computed }: PropertyDefinition, type: string, index: number) {
  const open = `${HOOK}.field(this,${type},${String(index)},`;
  if (value) {
    // The parts of `(a, b)` would be taken for arguments.
    const isList = value.type === 'SequenceExpression';
    edits.open(value.start, isList ? `${open}(` : open);
    edits.close(value.end, isList ? '))' : ')');
    return;
  }
  const end = computed ? edits.source.indexOf(']', key.end) + 1 : key.end;
  edits.close(end, `=${open}void 0)`);
}

function lowerClass(edits: Edits, node: Class, name: string): void {
  const declared = node.type === 'ClassDeclaration' ? node.id?.name : undefined;
  const open = declared === undefined ? `${HOOK}.type([` : `let ${declared}=${HOOK}.type([`;
  lowerList(edits, decoratorsOf(node), open, '],');
  edits.close(node.end, `,${JSON.stringify(name)})${declared === undefined ? '' : ';'}`);
}

/** The signs become the parts of a list. */
function lowerList(edits: Edits, decorators: readonly Decorator[], open: string, close: string): void {
  decorators.forEach(({ start, expression, isParenthesised }, i) => {
    edits.replace(start, start + 1, i === 0 ? open : ',');
    if (expression.type === 'MemberExpression' && !isParenthesised) {
      const { object, property } = expression;
      edits.open(object.start, `${HOOK}.method(`);
      const between = breaksOf(edits.source.slice(object.end, property.end));
      const name = property.type === 'Identifier' ? property.name : '';
      edits.replace(object.end, property.end, `,${JSON.stringify(name)})${between}`);
    }
  });
  const last = decorators.at(-1);
  if (last) edits.close(last.end, close);
}

/** What the language calls an anonymous class that stands there. */
function nameFor(parent: AnyNode | undefined): string {
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : '';
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return parent.left.type === 'Identifier' ? parent.left.name : '';
    case 'Property':
    case 'PropertyDefinition':
      return !parent.computed && parent.key.type === 'Identifier' ? parent.key.name : '';
    default:
      return '';
  }
}
