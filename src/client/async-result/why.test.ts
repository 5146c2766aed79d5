import { expect, it } from 'vitest';
import type { EngineState } from '../../protocol/client-messages.ts';
import type { EngineId, MsgId } from '../../protocol/ids.ts';
import { NO_TERMS, type TaskTerms } from '../../protocol/terms.ts';
import { idleEngine } from '../../testing/idle-engine.ts';
import { Job, type JobFacts } from '../job.ts';

import { whyPending } from './why.ts';

/** Everything that a task can wait for, and what is said of it. */

const FACTS: JobFacts = {
  msgId: 'a_1' as MsgId,
  method: 'apply',
  name: 'f',
  label: null,
  submitted: 0,
  target: null,
  runId: null,
  isTracked: false,
  isShared: false,
  sources: [],
};

interface Case {
  readonly facts?: Partial<JobFacts>;
  readonly terms?: Partial<TaskTerms>;
  readonly engines?: readonly EngineState[];
  readonly others?: readonly Job[];
  /** What has become of it so far. */
  readonly past?: (job: Job) => void;
}

const busy = (id: EngineId, msgId = 'b_1') =>
  idleEngine(id, {
    status: 'busy',
    running: { msgId: msgId as MsgId, name: 'g', since: 1000 },
  });
const first = new Job({ ...FACTS, msgId: 'a_0' as MsgId, name: 'first' });
const after = { msgIds: ['a_0' as MsgId], all: true, success: true, failure: false };

const CASES: readonly (readonly [string, Case])[] = [
  ['Engine 0 has been running f (a_1) for 1.0 s.', { engines: [busy(0, 'a_1')] }],
  [
    'Engine 1 has been running f (a_1) for 1.0 s, after it failed elsewhere.',
    {
      engines: [idleEngine(0), busy(1, 'a_1')],
      past: (job) => {
        job.requeue(0, 'failed', 'Error: no');
      },
    },
  ],
  [
    'f (a_1) waits for engine 0, which is starting.',
    { engines: [idleEngine(0, { status: 'starting' })], past: (job) => (job.engineId = 0) },
  ],
  [
    'f (a_1) waits for word of the death of engine 0.',
    { engines: [idleEngine(0, { status: 'dead' })], past: (job) => (job.engineId = 0) },
  ],
  ['f (a_1) is on its way to or from engine 0.', { past: (job) => (job.engineId = 0) }],
  [
    'f (a_1) is in the queue of engine 0, which is running g.',
    { engines: [busy(0)], past: (job) => (job.engineId = 0) },
  ],
  ['Engine 0 waits in recv.', { past: (job) => Object.assign(job, { engineId: 0, waitsFor: 'recv' }) }],
  ['f (a_1) waits for an engine; there is none.', { engines: [idleEngine(0, { status: 'dead' })] }],
  ['f (a_1) is on its way to the scheduler.', {}],
  ['f (a_1) waits for a free engine; all 2 are busy.', { engines: [busy(0), busy(1)] }],
  [
    'f (a_1) waits for one of engines 0, 1; all 2 are starting.',
    {
      facts: { targets: [0, 1] },
      engines: [idleEngine(0, { status: 'starting' }), idleEngine(1, { status: 'starting' }), idleEngine(2)],
    },
  ],
  [
    'f (a_1) waits for the task that it depends on to succeed: first (a_0) is on its way to the scheduler.',
    { terms: { after }, others: [first] },
  ],
  [
    'f (a_1) waits for an engine that suits it; engine 0 refused it (need is not defined).',
    {
      past: (job) => {
        job.requeue(0, 'unmet', 'need is not defined');
      },
    },
  ],
  [
    'f (a_1) waits for an engine that suits it; engines 0, 1 refused it (no gpu; no net).',
    {
      engines: [idleEngine(0), idleEngine(1)],
      past: (job) => {
        job.requeue(0, 'unmet', 'no gpu');
        job.requeue(1, 'unmet', 'no net');
      },
    },
  ],
  [
    'f (a_1) waits for one of engine 1; all 1 are busy; engine 0 refused it (no gpu).',
    {
      engines: [idleEngine(0), busy(1)],
      past: (job) => {
        job.requeue(0, 'unmet', 'no gpu');
      },
    },
  ],
  [
    'f (a_1) waits for a free engine; all 2 are busy; it waits to be tried again: it failed on engine 0 (Error: no), and ' +
      '1 more tries are left after this.',
    {
      terms: { retries: 2 },
      engines: [busy(0), busy(1)],
      past: (job) => {
        job.requeue(0, 'failed', 'Error: no');
      },
    },
  ],
];

it.each(CASES)('%s', (sentence, { facts, terms, engines = [idleEngine(0)], others = [], past }) => {
  const job = new Job({ ...FACTS, ...facts, ...(terms && { terms: { ...NO_TERMS, ...terms } }) });
  past?.(job);
  const find = (msgId: MsgId) => others.find((other) => other.facts.msgId === msgId);
  expect(whyPending([job], { engines, find, now: 2000 })).toBe(sentence);
});
