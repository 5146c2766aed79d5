import { joinPeers, poolRate, type Peers } from './peers.ts';
import { Tutti } from './tutti.ts';

/** What the page's bench compares with, in a page of its own: measured again in each round, on demand. */
export interface PagePeers extends Omit<Peers, 'move' | 'close'> {
  /** Tasks per second of a pool of two workers, by its name. */
  readonly pool: (name: string, tasks: number) => Promise<number>;
  /** The same of Tutti's `lview.map`, a task per item, without its page. */
  readonly tutti: (tasks: number) => Promise<number>;
}

declare global {
  interface Window {
    peers: Promise<PagePeers>;
  }
}

async function connect(): Promise<PagePeers> {
  const peers = await joinPeers();
  const tutti = await Tutti.start(2);
  await tutti.run('const lview = rc.loadBalancedView()');
  return {
    ...peers,
    pool: async (name, tasks) => (await poolRate(name, tasks)).perSecond,
    tutti: (tasks) =>
      tutti.run<number>(`
const from = performance.now();
await lview.map((x) => x, range(${String(tasks)}));
console.log(JSON.stringify((${String(tasks)} / (performance.now() - from)) * 1000));`),
  };
}

window.peers = connect();
