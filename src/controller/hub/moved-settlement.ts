import { NEVER_RAN, type Settlement } from '../../protocol/replies.ts';
import { failure, resultMoved } from '../sentences.ts';

interface Ended extends Pick<Settlement, 'msgId' | 'engineId' | 'engineUuid'> {
  readonly started: number | null;
  readonly completed: number | null;
}

/** For those who ask later, or besides: the result itself went to its client and is not here. */
export function movedSettlement({ msgId, started, completed, engineId, engineUuid }: Ended): Settlement {
  return {
    msgId,
    outcome: failure('KeyError', resultMoved(msgId)),
    facts: { ...NEVER_RAN, started, completed },
    engineId,
    engineUuid,
  };
}
