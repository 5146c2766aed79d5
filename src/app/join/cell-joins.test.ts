import { describe, expect, test } from 'vitest';
import type { CellId, RunId } from '../../protocol/ids.ts';
import type { JoinState } from '../../transport/gateway/join-socket.ts';
import { createClusterStore } from '../../ui/stores/cluster-store.ts';
import { createPageStore } from '../../ui/stores/page-store.ts';
import { createNotices } from '../notices.ts';
import { createCellJoins } from './cell-joins.ts';

const LINK = '#join=wss%3A%2F%2Fnode7%3A8090%2F&t=secret-code';
const WELCOME: JoinState = {
  status: 'open',
  welcome: {
    type: 'welcome',
    session: 'secret-session',
    role: 'client',
    state: 'new',
    received: 0,
    limits: { maxMessage: 1, resumeWindow: 1 },
  },
};

function made() {
  const cluster = createClusterStore();
  const page = createPageStore();
  const told: unknown[][] = [];
  const opened: { ticket: string; state: (state: JoinState) => void; left: number }[] = [];
  const joins = createCellJoins({
    cluster,
    page,
    notices: createNotices(page),
    here: () => new URL('https://app.example/'),
    cellOf: (runId) => (runId === 'run-1' ? { id: 'c' as CellId, number: 3 } : null),
    load: () =>
      Promise.resolve({
        openLine: (_url: string, ticket: string, onState: (state: JoinState) => void) => {
          const line = { ticket, state: onState, left: 0 };
          opened.push(line);
          const leave = (): void => {
            line.left++;
            onState({ status: 'ended', reason: 'You left the cluster.', left: true });
          };
          return { port: {} as MessagePort, retryNow: () => undefined, drop: () => undefined, leave };
        },
      }),
    joined: (n, place) => told.push(['joined', n, place]),
    refused: (n, reason) => told.push(['refused', n, reason]),
  });
  let n = 0;
  const ask = (link = LINK, runId: string | null = 'run-1'): void => {
    joins.hear({ type: 'join-asked', n: ++n, link, runId: runId as RunId | null });
  };
  const close = (): void => {
    page.setState({ dialog: null });
  };
  return { joins, page, cluster, told, opened, ask, close };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a cell asks to join a cluster', () => {
  test('nothing is opened before the reader agrees; he sees which cell, and where to', async () => {
    const { joins, page, cluster, told, opened, ask } = made();
    ask();
    const { dialog, joinFor, joinHost } = page.getState();
    expect({ dialog, joinFor, joinHost }).toEqual({ dialog: 'join', joinFor: 3, joinHost: 'node7:8090' });
    await turn();
    expect(opened).toEqual([]);
    joins.accept();
    expect(page.getState()).toMatchObject({ dialog: null, joinFor: null });
    await turn();
    expect(cluster.getState().cellJoins).toMatchObject([{ status: 'connecting', cell: 'c' }]);
    opened[0]?.state(WELCOME);
    expect(told).toEqual([['joined', 1, { host: 'node7:8090', role: 'client' }]]);
    expect(cluster.getState().cellJoins).toMatchObject([{ n: 1, host: 'node7:8090', status: 'open' }]);
    expect(JSON.stringify([told, cluster.getState(), page.getState()])).not.toContain('secret');
    joins.leave(1);
    expect(cluster.getState().cellJoins).toEqual([]);
    expect(page.getState().notices).toEqual([]);
  });

  test('closing the dialog is a no, to all who ask, until something is run again', () => {
    const { joins, page, told, ask, close } = made();
    ask();
    ask('#join=wss%3A%2F%2Fother%2F&t=x', null);
    close();
    expect(told.map(([what, n]) => [what, n])).toEqual([
      ['refused', 1],
      ['refused', 2],
    ]);
    expect(told[1]?.[2]).toBe(
      'The reader did not agree to join the cluster at other. Run the cell again to be asked again.',
    );
    ask();
    expect(told).toHaveLength(3);
    expect(page.getState().dialog).toBeNull();
    joins.runs();
    ask();
    expect(page.getState().dialog).toBe('join');
  });

  test('a gateway that was agreed to is not asked about again, until the reader leaves it', async () => {
    const { joins, page, opened, ask } = made();
    ask();
    joins.accept();
    ask();
    expect(page.getState().dialog).toBeNull();
    await turn();
    expect(opened).toHaveLength(2);
    joins.leave(2);
    ask();
    expect(page.getState().dialog).toBe('join');
    joins.accept();
    joins.forget();
    ask();
    expect(page.getState().dialog).toBe('join');
  });

  test('without a link the reader gives one; a wrong one is said in the dialog', async () => {
    const { joins, page, opened, ask } = made();
    ask('');
    expect(page.getState()).toMatchObject({ dialog: 'join', joinHost: null });
    joins.propose('nonsense');
    expect(page.getState().joinRefused).toMatch('This is no join link');
    joins.accept();
    expect(page.getState().dialog).toBe('join');
    joins.propose(LINK);
    expect(page.getState()).toMatchObject({ joinHost: 'node7:8090', joinRefused: null });
    joins.accept();
    await turn();
    expect(opened[0]?.ticket).toBe('secret-code');
  });

  test.each([
    ['nonsense', /This is no join link/],
    ['#join=ws%3A%2F%2Fnode7%2F&t=x', /speaks no TLS/],
  ])('the link %s is refused without a question', (link, sentence) => {
    const { page, told, ask } = made();
    ask(link);
    expect(told[0]?.[2]).toMatch(sentence);
    expect(page.getState().dialog).toBeNull();
  });

  test('a gateway that does not let us in, or goes, is told: to the cell before, to the reader after', async () => {
    const { joins, page, cluster, told, opened, ask } = made();
    ask();
    joins.accept();
    ask();
    await turn();
    opened[0]?.state({ status: 'ended', reason: 'The join code is wrong or used.', left: false });
    expect(told).toEqual([['refused', 1, 'The join code is wrong or used.']]);
    opened[1]?.state(WELCOME);
    opened[1]?.state({ status: 'reconnecting', reason: 'The network was lost.' });
    expect(cluster.getState().cellJoins).toMatchObject([{ status: 'reconnecting' }]);
    opened[1]?.state({ status: 'ended', reason: 'The session is over.', left: false });
    expect(page.getState().notices[0]?.text).toBe(
      'The cluster at node7:8090, which a cell had joined, is gone. The session is over.',
    );
  });

  test('the question waits for other dialogs, and goes with whoever asked', () => {
    const { joins, page, ask, close } = made();
    page.setState({ dialog: 'palette' });
    ask();
    expect(page.getState().dialog).toBe('palette');
    close();
    expect(page.getState().dialog).toBe('join');
    joins.hear({ type: 'join-withdrawn', n: 1 });
    expect(page.getState()).toMatchObject({ dialog: null, joinFor: null });
  });
});
