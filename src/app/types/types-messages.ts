import type { CellTypes } from '../../ui/editor/assist.ts';
import type { SourceCell } from './cell-modules.ts';

/** Page to types worker. */
export type ToTypes =
  /** First of all: where the declarations lie. */
  | { readonly type: 'start'; readonly declarations: string }
  /** The code cells, in order; `changed` are those that are new or have another text than before. */
  | { readonly type: 'cells'; readonly order: readonly string[]; readonly changed: readonly SourceCell[] }
  /** Answered by `answer` or `failed` of the same number, in order. */
  | ({ readonly type: 'ask'; readonly n: number } & Question);

/** Types worker to page. */
export type FromTypes =
  | { readonly type: 'answer'; readonly n: number; readonly answer: unknown }
  | { readonly type: 'failed'; readonly n: number; readonly message: string };

/** What is asked, by the name of the method that answers. */
export interface Questions {
  readonly suggest: Place;
  readonly describe: Place & { readonly name: string };
  readonly hover: Place;
  readonly signatures: Place;
  readonly problems: { readonly cell: string };
}

interface Place {
  readonly cell: string;
  readonly offset: number;
}

export type Question = {
  [About in keyof Questions]: { readonly about: About } & Questions[About];
}[keyof Questions];

export type Answers = { [About in keyof Questions]: Awaited<ReturnType<CellTypes[About]>> };
