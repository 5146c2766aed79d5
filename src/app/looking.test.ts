import { describe, expect, it } from 'vitest';
import type { EngineState } from '../protocol/client-messages.ts';
import type { LookQuestion } from '../protocol/looking.ts';
import { Looks } from './looking.ts';

const engine = (id: number, uuid: string, status: EngineState['status'] = 'idle') =>
  ({ id, uuid, status }) as EngineState;
const QUESTION: LookQuestion = { type: 'entries', handle: 'h', node: 0, from: 0 };

describe('looking into values of workers', () => {
  it('every question is answered, by who was asked or with "gone"', async () => {
    let engines = [engine(0, 'a'), engine(1, 'b')];
    const asked: number[] = [];
    const looks = new Looks(
      (n) => asked.push(n),
      () => engines,
    );
    const [answered, restarted, ofKernel] = [
      looks.look(0, QUESTION),
      looks.look(1, QUESTION),
      looks.look(null, QUESTION),
    ];
    expect(asked).toEqual([0, 1, 2]);
    looks.hear({ type: 'seen', n: 0, answer: { type: 'entries', entries: [], total: 0 } });
    expect(await answered).toEqual({ type: 'entries', entries: [], total: 0 });
    engines = [engine(0, 'a'), engine(1, 'b2')];
    looks.hear({ type: 'engines', engines });
    expect(await restarted).toEqual({ type: 'gone' });
    looks.hear({ type: 'kernel-status', status: 'starting', reason: null });
    expect(await ofKernel).toEqual({ type: 'gone' });
    expect(await looks.look(7, QUESTION)).toEqual({ type: 'gone' });
  });
});
