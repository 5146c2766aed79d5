import type { ClientId, EngineId, EngineUuid, MsgId } from '../../protocol/ids.ts';
import type { Outcome, Settlement } from '../../protocol/replies.ts';
import type { EngineRequest, Method } from '../../protocol/requests.ts';
import type { TaskHeader } from '../../protocol/task-record.ts';

/** What the hub remembers of a task that has ended. */
export interface FinishedRecord {
  readonly msgId: MsgId;
  readonly clientId: ClientId;
  readonly label: string | null;
  readonly name: string;
  readonly method: Method;
  /** Place in the order of arrival. */
  readonly seq: number;
  /** Times in milliseconds since 1970; null where it never ran. submitted <= started <= completed. */
  readonly submitted: number;
  readonly started: number | null;
  readonly completed: number | null;
  /** When it was settled; null when nobody was there to see it. */
  readonly ended: number | null;
  /** Null when no engine ever got it. */
  readonly engineId: EngineId | null;
  readonly engineUuid: EngineUuid | null;
  readonly status: Outcome['status'];
  /** Null: the result was moved to its client. */
  settlement: Settlement | null;
  /** As it was handed in: see `headerOf`. */
  readonly header: TaskHeader;
  /** To run it again; null when it is not kept. Its buffers may have moved since: see `Payloads.hasMoved`. */
  readonly request: EngineRequest | null;
  /** They grow when it prints late. */
  stdout: string;
  stderr: string;
  /** The latest id under which it was run again. */
  resubmitted: MsgId | null;
  /** What `settlement`, `request` and the texts hold in memory, roughly. */
  bytes: number;
}
