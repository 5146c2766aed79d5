import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { MsgId } from '../protocol/ids.ts';
import { JobBook } from './job-book.ts';
import { Job } from './job.ts';
import { STRANGER } from './request-facts.ts';

const msgId = 'c_1' as MsgId;

it('what is asked for again is found, however late its forerunner is collected', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  const book = new JobBook();
  const finish = (job: Job) => {
    book.add(job);
    book.end(msgId);
  };
  finish(new Job({ ...STRANGER, msgId }));
  await turn();
  // Gone now; that it is gone is told in a later turn.
  collect();
  expect(book.find(msgId)).toBeUndefined();
  const again = new Job({ ...STRANGER, msgId });
  finish(again);
  for (let i = 0; i < 20; i++) await turn();
  expect(book.find(msgId)).toBe(again);
});
