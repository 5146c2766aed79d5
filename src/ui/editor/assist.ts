import type { CellId } from '../../protocol/ids.ts';

/**
 * What helps while one types. `types` knows the code of the notebook and the declarations of the API, `live`
 * knows what kernel and engines hold at this moment. Offsets are a cell's own. Either may be missing: the
 * editor is complete without.
 */
export interface Assist {
  readonly types: CellTypes | null;
  readonly live: LiveCompletions | null;
  /** Whether kernel or engines have the name; null when that cannot be told now. */
  readonly knows: ((name: string) => Promise<boolean | null>) | null;
  /** Tells when `knows` may have another answer, until the function that it gives is called. */
  readonly onNames: ((listener: () => void) => () => void) | null;
  /** The values that a name has where its cell runs; null where there is none. */
  readonly values: ((code: string, offset: number) => Promise<ValuesAt | null>) | null;
  /** The text of a cell in good form; as it was, when it cannot be read. */
  readonly format: ((source: string) => Promise<string>) | null;
}

export const NO_ASSIST: Assist = {
  types: null,
  live: null,
  knows: null,
  onNames: null,
  values: null,
  format: null,
};

/** `who`: `kernel`, or the engines that hold the same: `e0–e2`. */
export interface ValuesAt {
  readonly from: number;
  readonly to: number;
  readonly values: readonly { readonly who: string; readonly text: string }[];
}

/** Names that are there now. */
export interface LiveCompletions {
  /**
   * What could stand at `offset` of `code`, the whole text of a cell: names, and after a `%` magics with their
   * signs (`%px`, `%%px`), after a magic its flags (`--targets`). `kind` as in `Completion` of the protocol;
   * an unknown one is a name like any other. May be late or reject: nobody waits long for it.
   */
  complete(cell: CellId, code: string, offset: number): Promise<readonly LiveName[]>;
}

export interface LiveName {
  /** Replaces the word at the caret; a magic or a flag with its signs. */
  readonly name: string;
  readonly kind: string;
  /** A few words: a type, what a flag does, which engines have it. */
  readonly detail?: string;
}

/** What the code says. The first question starts it, and is answered when it is ready; null: nothing to say. */
export interface CellTypes {
  /** Gets ready, while there is time. */
  warm(): void;
  suggest(cell: CellId, offset: number): Promise<readonly Suggestion[] | null>;
  /** More about one suggestion at that place. */
  describe(cell: CellId, offset: number, name: string): Promise<SuggestionText | null>;
  hover(cell: CellId, offset: number): Promise<Hover | null>;
  signatures(cell: CellId, offset: number): Promise<Signatures | null>;
  /** What would not run, and what runs but can hardly be meant. */
  problems(cell: CellId): Promise<readonly Problem[]>;
}

export interface Suggestion {
  readonly name: string;
  /** TypeScript's kind of element: `method`, `property`, `class`, `const` … */
  readonly kind: string;
  readonly sortText: string;
  /** Default: the name. */
  readonly insertText?: string;
  /** What it replaces; default: the word at the caret. */
  readonly from?: number;
  readonly to?: number;
}

/** Code, and Markdown about it. */
export interface SuggestionText {
  readonly code: string;
  readonly text: string;
}

export interface Hover extends SuggestionText {
  readonly from: number;
  readonly to: number;
}

export interface Signatures {
  readonly signatures: readonly {
    readonly label: string;
    readonly text: string;
    /** Places in the label. */
    readonly parameters: readonly { readonly from: number; readonly to: number; readonly text: string }[];
  }[];
  readonly active: number;
  readonly activeParameter: number;
}

/** Lines and columns count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  /** Where it ends; default: with its word. */
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly message: string;
  /** Default: an error, the cell does not run. */
  readonly severity?: 'warning';
  /** A name that the code does not explain: a problem only if no place that runs code has it. */
  readonly unknown?: string;
}
