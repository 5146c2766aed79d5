import { deferred } from '../../base/deferred.ts';
import type { Match } from '../../notebook/find.ts';
import { linkToWorker } from '../../transport/worker-link.ts';
import type { Search, SearchTask } from '../../ui/find/search.ts';
import FindWorker from './find.worker.ts?worker';

/** Looks for a regular expression in a worker of its own, which ends with the search. */
export function startSearch(task: SearchTask): Search {
  const link = linkToWorker<readonly Match[], SearchTask>(new FindWorker({ name: 'find' }));
  const found = deferred<readonly Match[]>();
  link.onMessages(([matches]) => {
    if (matches) found.resolve(matches);
  });
  link.post(task);
  return {
    matches: found.promise,
    end: () => {
      link.close();
    },
  };
}
