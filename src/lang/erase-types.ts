import type { AnyNode, Program } from 'acorn';
import { ProblemAt } from './cell-syntax-error.ts';
import { Edits } from './edits.ts';
import { lowerAccessor } from './lower-accessors.ts';
import { isEnum, lowerEnum } from './lower-enums.ts';
import { isNamespace, lowerNamespace } from './lower-namespaces.ts';
import { assignProperties } from './lower-parameter-properties.ts';
import { breaksOf, type ShiftLayer } from './positions.ts';
import { skipTrivia } from './trivia.ts';
import { isOnlyType, type Erasure, type Typed, type TypedNode } from './typed-nodes.ts';
import { walk } from './walk.ts';

export interface ErasedText {
  /** JavaScript, every token on the line where it stood. */
  readonly text: string;
  readonly shifts: ShiftLayer;
}

/**
 * TypeScript to JavaScript: types go, their line breaks stay; `enum`, `namespace`, `accessor` and parameter properties become code on their lines. An import that this cell does
 * not use stays: a later cell may. `program` is of `parseTypes`. Throws `ProblemAt`.
 */
export function eraseTypes(source: string, program: Program): ErasedText {
  const eraser = new Eraser(source);
  walk(program, {
    enter: (node, around) => eraser.enter(node, around as unknown as readonly Typed[]),
    leave: (node, around) => {
      eraser.leave(node, around as unknown as readonly Typed[]);
    },
  });
  return eraser.finish();
}

interface Gap {
  readonly start: number;
  readonly end: number;
  /** What stands in its place, before and behind its line breaks. */
  first: string;
  readonly last: string;
}

class Eraser implements Erasure {
  readonly source: string;
  readonly edits: Edits;
  readonly #gaps = new Map<number, Gap>();
  readonly #done = new Set<TypedNode>();

  constructor(source: string) {
    this.source = source;
    this.edits = new Edits(source);
  }

  finish(): ErasedText {
    for (const { start, end, first, last } of this.#gaps.values()) {
      const joins = first === '' && last === '' && isWord(this.source[start - 1]) && isWord(this.source[end]);
      const between = breaksOf(this.source.slice(start, end));
      this.edits.replace(start, end, first + (joins && between === '' ? ' ' : between) + last);
    }
    const { text, shifts } = this.edits.apply();
    return { text, shifts };
  }

  erase(start: number, end: number, first = '', last = ''): void {
    if (end > start) this.#gaps.set(end, { start, end, first, last });
  }

  skip(node: TypedNode): void {
    this.#done.add(node);
  }

  enter(typed: AnyNode, around: readonly Typed[]): boolean {
    const node = typed as unknown as Typed;
    if (this.#done.has(node)) return false;
    if (isOnlyType(node)) {
      this.erase(node.start, node.end, ';');
      return false;
    }
    switch (node.type) {
      case 'TSTypeAnnotation':
        this.erase(this.#markBefore(node.start), node.end);
        return false;
      case 'TSTypeParameterDeclaration':
      case 'TSTypeParameterInstantiation':
        this.erase(node.start, node.end);
        return false;
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
        this.#as(node, around);
        break;
      case 'TSNonNullExpression':
        this.erase(node.end - 1, node.end);
        break;
      case 'TSTypeAssertion':
        this.#assertion(node);
        break;
      case 'TSImportEqualsDeclaration':
        this.#importEquals(node);
        return false;
      case 'TSExportAssignment':
        throw new ProblemAt(NO_EXPORT_ASSIGNMENT, node.start);
      case 'ImportSpecifier':
      case 'ExportSpecifier':
        if (node.importKind === 'type' || node.exportKind === 'type') this.#listItem(node);
        return false;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#function(node);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#class(node);
        break;
      case 'MethodDefinition':
      case 'PropertyDefinition':
        this.#member(node);
        break;
      case 'Identifier':
        if (node.optional === true && !node.typeAnnotation && this.source[node.end - 1] === '?')
          this.erase(node.end - 1, node.end);
        break;
      default:
        if (isEnum(node)) lowerEnum(this, node, around);
        if (isNamespace(node)) lowerNamespace(this, node, around);
    }
    return true;
  }

  /** A statement that ended with its type ends there still, whatever the next line begins with. */
  leave(typed: AnyNode, around: readonly Typed[]): void {
    const node = typed as unknown as Typed;
    const gap = this.#gaps.get(node.end);
    if (!gap || gap.first !== '' || !ENDS.test(node.type) || gap.start <= node.start) return;
    const parent = around.at(-1);
    const isHead = parent !== undefined && /^For/.test(parent.type) && parent.body !== node;
    if (!isHead && !this.#done.has(node)) gap.first = ';';
  }

  /** Of the `?` or `!` that belongs to an annotation. */
  #markBefore(start: number): number {
    let at = start - 1;
    while (/\s/.test(this.source[at] ?? '')) at--;
    return /[?!]/.test(this.source[at] ?? '') ? at : start;
  }

  /** Behind closing parentheses. */
  #behind(offset: number): number {
    let at = skipTrivia(this.source, offset);
    while (this.source[at] === ')') at = skipTrivia(this.source, at + 1);
    return at;
  }

  /** `1 + x as any * 2` is `(1 + x) * 2`. */
  #as(node: Typed, around: readonly Typed[]): void {
    const { expression, typeAnnotation } = node;
    if (!expression) return;
    this.erase(this.#behind(expression.end), node.end);
    if (typeAnnotation) this.skip(typeAnnotation);
    if (strength(expression) === 0) return;
    const outer = around.findLastIndex(({ type }) => !AS.test(type));
    const parent = around[outer];
    const operand = around[outer + 1] ?? node;
    if (parent?.left !== operand || this.source[skipTrivia(this.source, expression.end)] === ')') return;
    if (strength(parent) <= strength(expression)) return;
    this.edits.open(expression.start, '(');
    this.edits.close(expression.end, ')');
  }

  /** `<T>x` becomes `(x)`. */
  #assertion({ start, end, expression, typeAnnotation }: Typed): void {
    if (!expression || !typeAnnotation) return;
    this.erase(start, skipTrivia(this.source, typeAnnotation.end) + 1, '(');
    this.skip(typeAnnotation);
    this.edits.close(end, ')');
  }

  #importEquals({ start, moduleReference }: Typed): void {
    if (moduleReference?.type === 'TSExternalModuleReference') throw new ProblemAt(NO_IMPORT_REQUIRE, start);
    this.edits.replace(start, start + 'import'.length, 'const ');
  }

  #listItem({ start, end }: Typed): void {
    const next = skipTrivia(this.source, end);
    this.erase(start, this.source[next] === ',' ? next + 1 : end);
  }

  #function(node: Typed): void {
    const [first, second] = node.params ?? [];
    if (first?.type === 'Identifier' && first.name === 'this') {
      const next = skipTrivia(this.source, first.end);
      this.erase(first.start, second?.start ?? (this.source[next] === ',' ? next + 1 : first.end));
      this.skip(first);
    }
    assignProperties(this, node);
    if (node.type === 'ArrowFunctionExpression') this.#arrow(node);
  }

  /** No line may break before `=>`, nor between `return` or `async` and the parameters. */
  #arrow({ typeParameters, returnType }: Typed): void {
    if (typeParameters && breaks(this.source, typeParameters)) {
      const open = this.source.indexOf('(', typeParameters.end);
      this.erase(typeParameters.start, open + 1, '(');
      this.skip(typeParameters);
    }
    if (returnType && breaks(this.source, returnType)) {
      const close = this.source.lastIndexOf(')', returnType.start);
      this.erase(close, returnType.end, '', ')');
      this.skip(returnType);
    }
  }

  #class(node: Typed): void {
    if (node.abstract === true) this.#modifiers(node, this.source.length);
    const [first] = node.implements ?? [];
    const last = node.implements?.at(-1);
    if (!first || !last) return;
    this.erase(this.source.lastIndexOf('implements', first.start), last.end);
    for (const one of node.implements ?? []) this.skip(one);
  }

  #member(node: Typed): void {
    const { key, computed, value, optional, definite, typeAnnotation } = node;
    if (node.abstract === true || node.declare === true || value?.type === 'TSDeclareMethod') {
      this.erase(node.start, node.end, ';');
      this.skip(node);
      for (const one of [key, value, typeAnnotation, ...(node.decorators ?? [])]) if (one) this.skip(one);
      return;
    }
    if (!key) return;
    this.#modifiers(node, key.start);
    const behindKey = computed === true ? this.source.indexOf(']', key.end) + 1 : key.end;
    const mark = skipTrivia(this.source, behindKey);
    if ((optional === true || definite === true) && !typeAnnotation && /[?!]/.test(this.source[mark] ?? ''))
      this.erase(mark, mark + 1);
    if (node.accessor === true) lowerAccessor(this, node);
  }

  /** A first one leaves a semicolon: what stands behind it might go on with the line before. */
  #modifiers({ type, start, decorators = [] }: Typed, end: number): void {
    const from = Math.max(start, ...decorators.map((one) => one.end));
    let at = skipTrivia(this.source, from);
    for (let isFirst = from === start; at < end; isFirst = false) {
      const [word = ''] = /^[a-z]+/.exec(this.source.slice(at, at + LONGEST_WORD)) ?? [];
      if (!WORDS.has(word)) return;
      if (MODIFIERS.has(word))
        this.erase(at, at + word.length, isFirst && type.endsWith('Definition') ? ';' : '');
      at = skipTrivia(this.source, at + word.length);
    }
  }
}

const ENDS = /Statement$|^VariableDeclaration$|^PropertyDefinition$|^ExportDefaultDeclaration$/;
const AS = /^TS(?:As|Satisfies|NonNull)Expression$/;

const MODIFIERS = new Set(['public', 'private', 'protected', 'readonly', 'override', 'abstract', 'declare']);
const WORDS = new Set([...MODIFIERS, 'static', 'async', 'accessor', 'get', 'set']);
const LONGEST_WORD = 10;

const NO_EXPORT_ASSIGNMENT =
  "'export =' does not work in cells: every other cell sees their names; leave it out";
const NO_IMPORT_REQUIRE = "'import x = require(…)' does not work in cells; write import x from '…'";

function breaks(source: string, { start, end }: TypedNode): boolean {
  return /[\n\r\u2028\u2029]/.test(source.slice(start, end));
}

function isWord(letter = ''): boolean {
  return /[\p{ID_Continue}$]/u.test(letter);
}

const STRENGTHS = [
  '??',
  '||',
  '&&',
  '|',
  '^',
  '&',
  '== != === !==',
  '< > <= >= in instanceof',
  '<< >> >>>',
  '+ -',
  '* / %',
  '**',
];

/** How strongly the operator of a node binds; 0 for a node without one. */
function strength({ type, operator = '' }: Typed): number {
  if (type !== 'BinaryExpression' && type !== 'LogicalExpression') return 0;
  return STRENGTHS.findIndex((operators) => operators.split(' ').includes(operator)) + 1;
}
