import type { Edits } from './edits.ts';

/** A node of a tree that has TypeScript's nodes among the language's own. What it has depends on its type. */
export interface TypedNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** A node with all that the erasure of types asks of nodes. */
export interface Typed extends TypedNode {
  readonly abstract?: boolean;
  readonly accessibility?: string;
  readonly accessor?: boolean;
  readonly body?: Typed;
  readonly computed?: boolean;
  readonly declaration?: Typed | null;
  readonly declare?: boolean;
  readonly decorators?: readonly Typed[];
  readonly definite?: boolean;
  readonly exportKind?: string;
  readonly expression?: Typed;
  readonly id?: Typed | null;
  readonly implements?: readonly Typed[];
  readonly importKind?: string;
  readonly init?: Typed | null;
  readonly key?: Typed;
  readonly kind?: string;
  readonly left?: Typed;
  readonly moduleReference?: Typed;
  readonly name?: string;
  readonly operator?: string;
  readonly optional?: boolean;
  readonly parameter?: Typed;
  readonly params?: readonly Typed[];
  readonly returnType?: Typed | null;
  readonly specifiers?: readonly Typed[];
  readonly static?: boolean;
  readonly superClass?: Typed | null;
  readonly typeAnnotation?: Typed | null;
  readonly typeParameters?: Typed | null;
  readonly value?: Typed | null;
}

/** What lowerings of single constructs work with. */
export interface Erasure {
  readonly source: string;
  readonly edits: Edits;
  erase(start: number, end: number, first?: string): void;
  /** It has been dealt with, and all that is in it. */
  skip(node: TypedNode): void;
}

/** Statements of which nothing is left. */
export function isOnlyType(node: Typed): boolean {
  switch (node.type) {
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSDeclareFunction':
    case 'TSNamespaceExportDeclaration':
    case 'TSIndexSignature':
      return true;
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportAllDeclaration':
      return node.exportKind === 'type' || (!!node.declaration && isOnlyType(node.declaration));
    case 'ImportDeclaration':
      return node.importKind === 'type' || isListOfTypes(node.specifiers ?? []);
    case 'TSImportEqualsDeclaration':
      return node.importKind === 'type';
    case 'ClassDeclaration':
    case 'VariableDeclaration':
    case 'TSEnumDeclaration':
      return node.declare === true;
    default:
      return false;
  }
}

function isListOfTypes(specifiers: readonly Typed[]): boolean {
  return specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type');
}
