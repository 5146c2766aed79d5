/** The module `tutti/kernel`, the interface of 2008, as the editor's type checker is told; see cell-names.ts. */
import { MultiEngineClient as BoundMultiEngineClient } from '../src/client/classic/multi-engine-client.ts';
import { TaskClient as BoundTaskClient } from '../src/client/classic/task-client.ts';
import type { Client } from '../src/client/client.ts';
import type { CompositeError } from '../src/client/composite-error.ts';
import type { PendingResult } from '../src/client/classic/pending-result.ts';
import type { ResultsList } from '../src/client/classic/results-list.ts';
import type { TaskResult } from '../src/client/classic/task-result.ts';
import type { MapTask, StringTask, Task } from '../src/client/classic/task.ts';

export { CompositeError } from '../src/client/composite-error.ts';
export { PendingResult } from '../src/client/classic/pending-result.ts';
export { ResultsList } from '../src/client/classic/results-list.ts';
export { TaskResult } from '../src/client/classic/task-result.ts';
export { MapTask, StringTask, Task } from '../src/client/classic/task.ts';

/** Engines by number, as in IPython 0.9. */
export declare class MultiEngineClient extends BoundMultiEngineClient {
  /** Default: on `rc`. */
  constructor(client?: Client);
}

/** Tasks on whichever engine is free, as in IPython 0.9. */
export declare class TaskClient extends BoundTaskClient {
  /** Default: on `rc`. */
  constructor(client?: Client);
}

/** The same names again: sessions began with `from IPython.kernel import client`. */
export declare const client: {
  readonly MultiEngineClient: typeof MultiEngineClient;
  readonly TaskClient: typeof TaskClient;
  readonly Task: typeof Task;
  readonly StringTask: typeof StringTask;
  readonly MapTask: typeof MapTask;
  readonly TaskResult: typeof TaskResult;
  readonly PendingResult: typeof PendingResult;
  readonly ResultsList: typeof ResultsList;
  readonly CompositeError: typeof CompositeError;
};
