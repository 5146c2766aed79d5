import type { AnyNode } from 'acorn';
import { ProblemAt } from './cell-syntax-error.ts';
import type { Erasure, Typed } from './typed-nodes.ts';
import { breaksOf } from './positions.ts';
import { declaredBefore, exportedTo, leaveOutExport } from './merged-names.ts';
import { skipTrivia } from './trivia.ts';
import { walk } from './walk.ts';

interface Enum extends Typed {
  readonly id: Typed & { readonly name: string };
  readonly members: readonly Member[];
}

interface Member extends Typed {
  readonly id: Typed;
  readonly initializer?: Typed;
}

export function isEnum(node: Typed): node is Enum {
  return node.type === 'TSEnumDeclaration';
}

/** What is known of a member's value before it runs. */
type Known = number | string | null;

/**
 * `enum E { A, B = 'b' }` becomes `let E={};{E[E["A"]=0]="A";E["B"]='b';}`. A further part of the same enum in the same
 * list of statements adds to it.
 */
export function lowerEnum(erasure: Erasure, node: Enum, around: readonly Typed[]): void {
  const { source, edits } = erasure;
  const { name } = node.id;
  const earlier = declaredBefore(node, name, around);
  if (earlier.length > 0) leaveOutExport(erasure, node, around);
  const open = source.indexOf('{', node.id.end);
  const owner = exportedTo(around);
  const value = owner === null ? '{}' : `${owner}.${name}??={}`;
  const head = earlier.length > 0 ? ';{' : `let ${name}=${value};{`;
  edits.replace(node.start, open + 1, head + breaksOf(source.slice(node.start, open + 1)));
  erasure.skip(node.id);

  const known = new Map<string, Known>();
  for (const part of earlier.filter(isEnum)) learn(part.members, name, known);
  const parts = [...earlier.filter(isEnum), node];
  const names = new Set(parts.flatMap(({ members }) => members.map(nameOf)));
  let before: { readonly name: string; readonly value: Known } | null = null;
  for (const member of node.members) {
    const of = valueOf(member, before?.value, name, known);
    lowerMember(erasure, member, { name, before: before?.name ?? null, value: of, names });
    before = { name: nameOf(member), value: of };
    known.set(before.name, of);
  }
}

function lowerMember(
  erasure: Erasure,
  member: Member,
  facts: {
    readonly name: string;
    readonly before: string | null;
    readonly value: Known;
    readonly names: ReadonlySet<string>;
  },
): void {
  const { name, before, value, names } = facts;
  const { source, edits } = erasure;
  const { id, initializer } = member;
  const key = JSON.stringify(nameOf(member));
  const place = `${name}[${key}]`;
  erasure.skip(id);
  if (initializer) {
    const gap = breaksOf(source.slice(id.start, initializer.start));
    const [open, close] = around(name, place, key, value);
    edits.replace(id.start, initializer.start, open + gap);
    qualify(edits, initializer, name, names);
    edits.close(member.end, close);
  } else {
    if (typeof value === 'string' || (value === null && before === null))
      throw new ProblemAt(
        `The member ${key} needs a value of its own: the one before it is a text`,
        id.start,
      );
    const counted = value === null ? `${name}[${JSON.stringify(before)}]+1` : String(value);
    edits.replace(id.start, id.end, `${name}[${place}=${counted}]=${key};`);
  }
  const comma = skipTrivia(source, member.end);
  if (source[comma] === ',') edits.replace(comma, comma + 1, ' ');
}

/** What stands around a member's value. Numbers lead back to names, texts do not. */
function around(name: string, place: string, key: string, value: Known): readonly [string, string] {
  if (typeof value === 'string') return [`${place}=(`, ');'];
  if (typeof value === 'number') return [`${name}[${place}=(`, `)]=${key};`];
  return [`if(typeof(${place}=(`, `))!="string")${name}[${place}]=${key};`];
}

/** Names of members mean the members. */
function qualify(edits: Erasure['edits'], value: Typed, name: string, names: ReadonlySet<string>): void {
  const enter = (node: AnyNode, path: readonly AnyNode[]) => {
    if (node.type !== 'Identifier' || !names.has(node.name)) return true;
    const parent = path.at(-1);
    const isKey =
      (parent?.type === 'MemberExpression' && parent.property === node && !parent.computed) ||
      (parent?.type === 'Property' && parent.key === node && !parent.computed);
    if (!isKey) edits.open(node.start, `${name}.`);
    return false;
  };
  walk(value as unknown as AnyNode, { enter });
}

function nameOf({ id }: Member): string {
  const { name, value } = id as { readonly name?: string; readonly value?: unknown };
  return name ?? (typeof value === 'string' ? value : '');
}

function learn(members: readonly Member[], name: string, known: Map<string, Known>): void {
  let before: Known | undefined;
  for (const member of members) {
    before = valueOf(member, before, name, known);
    known.set(nameOf(member), before);
  }
}

function valueOf(
  member: Member,
  before: Known | undefined,
  name: string,
  known: ReadonlyMap<string, Known>,
): Known {
  if (member.initializer) return constant(member.initializer, name, known);
  if (before === undefined) return 0;
  return typeof before === 'number' ? before + 1 : before;
}

/** The value of an expression of literals and members; null when that is not known, `''` for some text. */
function constant(node: Typed, name: string, known: ReadonlyMap<string, Known>): Known {
  const of = (one: Typed) => constant(one, name, known);
  const expression = node as unknown as AnyNode;
  switch (expression.type) {
    case 'Literal':
      return typeof expression.value === 'number' || typeof expression.value === 'string'
        ? expression.value
        : null;
    case 'TemplateLiteral':
      return '';
    case 'Identifier':
      return known.get(expression.name) ?? null;
    case 'MemberExpression': {
      const { object, property } = expression;
      const isOwn = object.type === 'Identifier' && object.name === name && property.type === 'Identifier';
      return isOwn && !expression.computed ? (known.get(property.name) ?? null) : null;
    }
    case 'UnaryExpression': {
      const value = of(expression.argument as unknown as Typed);
      return typeof value === 'number' ? unary(expression.operator, value) : null;
    }
    case 'BinaryExpression': {
      const left = of(expression.left as unknown as Typed);
      const right = of(expression.right as unknown as Typed);
      if (expression.operator === '+' && (typeof left === 'string' || typeof right === 'string')) return '';
      return typeof left === 'number' && typeof right === 'number'
        ? binary(expression.operator, left, right)
        : null;
    }
    default:
      return null;
  }
}

function unary(operator: string, value: number): Known {
  return operator === '-' ? -value : operator === '+' ? value : operator === '~' ? ~value : null;
}

const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
};

function binary(operator: string, left: number, right: number): Known {
  return BINARY[operator]?.(left, right) ?? null;
}
