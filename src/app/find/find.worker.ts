import { findMatches, type Match } from '../../notebook/find.ts';
import { linkToOwner } from '../../transport/worker-link.ts';
import { workerScope } from '../../transport/worker-scope.ts';
import type { SearchTask } from '../../ui/find/search.ts';

/** The door of the worker that looks for regular expressions. */
const link = linkToOwner<SearchTask, readonly Match[]>(workerScope);
link.onMessages((tasks) => {
  for (const { texts, query } of tasks) link.post(findMatches(texts, query));
});
