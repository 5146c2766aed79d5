import type { CellTexts, FindQuery, Match } from '../../notebook/find.ts';

export interface SearchTask {
  readonly texts: readonly CellTexts[];
  readonly query: FindQuery;
}

/** A search that can be ended: some regular expressions take for ever, and nothing else stops them. */
export interface Search {
  /** Stays open when the search is ended before. */
  readonly matches: Promise<readonly Match[]>;
  end(): void;
}

export type StartSearch = (task: SearchTask) => Search;
