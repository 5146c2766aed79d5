import { useEffect, useMemo, useState } from 'react';
import type { NotebookDocument } from '../../notebook/document.ts';
import { findMatches, type FindQuery, type Match, textsOf } from '../../notebook/find.ts';
import { useUi } from '../context.ts';

/** Milliseconds that a regular expression may take. */
const PATIENCE = 1000;

export interface Found {
  readonly matches: readonly Match[];
  /** The expression was ended: it takes too long on these texts. */
  readonly endless: boolean;
}

const NOTHING: Found = { matches: [], endless: false };

/** Words are looked for at once, a regular expression in a worker that is ended when it does not come back. */
export function useMatches(document: NotebookDocument, query: FindQuery): Found {
  const plain = useMemo(
    () =>
      query.regexp
        ? null
        : { matches: findMatches(textsOf(document, query.inOutputs), query), endless: false },
    [document, query],
  );
  const { startSearch } = useUi();
  const [far, setFar] = useState(NOTHING);
  useEffect(() => {
    if (!query.regexp) return;
    const search = startSearch({ texts: textsOf(document, query.inOutputs), query });
    const timer = setTimeout(() => {
      search.end();
      setFar({ matches: [], endless: true });
    }, PATIENCE);
    let wanted = true;
    void search.matches.then((matches) => {
      clearTimeout(timer);
      if (wanted) setFar({ matches, endless: false });
    });
    return () => {
      wanted = false;
      clearTimeout(timer);
      search.end();
    };
  }, [document, query, startSearch]);
  return plain ?? far;
}
