import type { Client } from '../client.ts';
import { CompositeError } from '../composite-error.ts';
import type { ClientEnvironment } from '../environment.ts';
import { PropertyNews } from './engine-properties.ts';
import { MultiEngineClient } from './multi-engine-client.ts';
import { PendingResult } from './pending-result.ts';
import { ResultsList } from './results-list.ts';
import { TaskClient, type TaskEnvironment } from './task-client.ts';
import { TaskResult } from './task-result.ts';
import { MapTask, StringTask, Task } from './task.ts';

/** What the interface of 2008 needs besides a client. */
export interface ClassicEnvironment extends TaskEnvironment, Pick<ClientEnvironment, 'activate'> {}

/**
 * The interface of IPython 0.9, from before there were views: a MultiEngineClient for engines by number and a
 * TaskClient for tasks, thin over a Client. Sessions of that time run with `await` in front of what blocks.
 *
 * Gives the module `tutti/kernel`: its names, and all of them again as `client` and as the default, since
 * sessions began with `from IPython.kernel import client`. Clients made without arguments use `rc`.
 */
export function classicModule(rc: Client, environment: ClassicEnvironment) {
  const news = new PropertyNews();
  class NotebookMultiEngineClient extends MultiEngineClient {
    static override readonly name = 'MultiEngineClient';
    constructor(client = rc) {
      super(client, environment.activate, news);
    }
  }
  class NotebookTaskClient extends TaskClient {
    static override readonly name = 'TaskClient';
    constructor(client = rc) {
      super(client, environment, news);
    }
  }
  const names = {
    MultiEngineClient: NotebookMultiEngineClient,
    TaskClient: NotebookTaskClient,
    Task,
    StringTask,
    MapTask,
    TaskResult,
    PendingResult,
    ResultsList,
    CompositeError,
  };
  return { ...names, client: names, default: names };
}
