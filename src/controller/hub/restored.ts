import { NEVER_RAN } from '../../protocol/replies.ts';
import type { StoredTask } from '../../protocol/stored-task.ts';
import { cutOff, failure } from '../sentences.ts';
import type { FinishedRecord } from './finished-record.ts';
import { requestBytes, settlementBytes } from './records.ts';

/** A task of an earlier visit as it is remembered now. One that had not ended has failed: its engine is gone. */
export function restoredRecord(task: StoredTask, seq: number): FinishedRecord {
  const { msgId, name, method, header, request, stdout, stderr, resubmitted, engineId, engineUuid } = task;
  const isCutOff = task.status === 'pending';
  const settlement = isCutOff
    ? {
        msgId,
        outcome: failure('EngineError', cutOff(name, msgId)),
        facts: { ...NEVER_RAN, started: task.started },
        engineId,
        engineUuid,
      }
    : task.settlement;
  const payload = (settlement ? settlementBytes(settlement) : 0) + (request ? requestBytes(request) : 0);
  return {
    ...{ msgId, name, method, header, request, stdout, stderr, resubmitted, engineId, engineUuid, seq },
    ...{ settlement, clientId: header.clientId, label: header.label, submitted: header.submitted },
    started: task.started,
    completed: task.completed,
    ended: task.ended,
    status: task.status === 'pending' ? 'error' : task.status,
    bytes: payload + 2 * (stdout.length + stderr.length),
  };
}
