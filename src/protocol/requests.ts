import type { ExecuteCode } from './code.ts';
import type { ClientId, EngineId, MsgId, RunId } from './ids.ts';
import type { Seat } from './comm.ts';
import type { Packed } from './packed.ts';
import type { TaskTerms } from './terms.ts';

/** What an engine does around a task's own code. */
export interface Around {
  /** Packs a function of the engine's properties: when it gives false, or throws, the engine refuses the task. */
  readonly where: Packed | null;
  /** Empty the namespace before the task, and after it. */
  readonly clearBefore: boolean;
  readonly clearAfter: boolean;
}

/** What an engine can be asked to do, one at a time, in order. */
export type EngineRequest =
  /** `call` packs `{ f, args }`. The reply's value is `f(...args)`, awaited. */
  | {
      readonly method: 'apply';
      readonly call: Packed;
      /** For messages: "…raised in: f". */ readonly name: string;
      readonly around?: Around;
    }
  /**
   * `call` packs `{ f, columns }`: one array per sequence, all of one length n. The reply's value is a list of
   * n items. `f` gets the elements only, never an index. The first failure is the reply; with `returnExceptions` the
   * other items go on, and the reply tells what each gave.
   */
  | {
      readonly method: 'map';
      readonly call: Packed;
      readonly name: string;
      readonly returnExceptions: boolean;
      readonly around?: Around;
    }
  /** `silent` (IPython's default for `view.execute`): no result, and the execution count stands still. */
  | { readonly method: 'execute'; readonly code: ExecuteCode; readonly silent: boolean }
  /** `values` packs `{ [name]: value }`; names may be paths (`a.b`, `a[0]`). The reply's value is null. */
  | { readonly method: 'push'; readonly values: Packed }
  /** Each name is an expression, evaluated in the namespace. The reply's value is the value when `names` is
   * a string, else a list. */
  | { readonly method: 'pull'; readonly names: string | readonly string[] };

/** The buffers of its arguments, which may be moved; none for what carries text alone. */
export function buffersOf(request: EngineRequest): readonly ArrayBuffer[] {
  switch (request.method) {
    case 'apply':
    case 'map':
      return request.call.buffers;
    case 'push':
      return request.values.buffers;
    case 'execute':
    case 'pull':
      return NO_BUFFERS;
  }
}

const NO_BUFFERS: readonly ArrayBuffer[] = [];

export type Method = EngineRequest['method'] | 'clear';

/** Where a request goes. */
export type Route =
  /** `runTimeout`: seconds that it may run; missing: for ever. */
  { readonly type: 'direct'; readonly engine: EngineId; readonly runTimeout?: number } | BalancedRoute;

/** The load-balancing scheduler picks one engine, out of `targets` if that is not null. */
export interface BalancedRoute {
  readonly type: 'balanced';
  readonly targets: readonly EngineId[] | null;
  /** The tasks of one call of many share the engines with others as one; null or missing: for itself. */
  readonly share?: string | null;
  /** Missing: none. */
  readonly terms?: TaskTerms;
}

/** One request as a client hands it in. A call on n engines is n submissions that share one `request`
 * object: a message that carries them all clones it once. */
export interface Submission {
  readonly msgId: MsgId;
  readonly clientId: ClientId;
  readonly route: Route;
  readonly request: EngineRequest;
  readonly label: string | null;
  /** Milliseconds since 1970, by the client's clock. */
  readonly submitted: number;
  /** The cell run that caused it, if any. */
  readonly runId: RunId | null;
  /** Non-silent `execute` (every `%px`): when it fails, what is queued behind it on that engine, of the
   * same client, is aborted. */
  readonly abortsQueueOnError: boolean;
  /** Its client wants to know when an engine has it. */
  readonly tracked?: true;
  /** Direct `execute`s only: also to be run on every new life of an engine, before all else. One of the same key
   * takes the place of the former. */
  readonly init?: InitSpec;
  /** For a call on several engines: which one this is. They can send each other messages. */
  readonly seat?: Seat;
}

export interface InitSpec {
  readonly key: string;
  /** On all engines there will be, not only on those it was sent to. */
  readonly everywhere: boolean;
}
