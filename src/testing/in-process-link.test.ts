import { describe, expect, it } from 'vitest';
import { linkPair } from './in-process-link.ts';

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

describe('linkPair', () => {
  it('delivers what one turn posted as one batch, in a later task', async () => {
    const [a, b] = linkPair<string, number>();
    const batches: (readonly number[])[] = [];
    b.onMessages((batch) => batches.push(batch));
    a.post(1);
    a.post(2);
    await Promise.resolve();
    a.post(3);
    expect(batches).toEqual([]);
    await turn();
    await turn();
    expect(batches).toEqual([[1, 2], [3]]);
  });

  it('clones messages and detaches transferred buffers', async () => {
    const [a, b] = linkPair<never, { bytes: Uint8Array }>();
    const bytes = new Uint8Array([1, 2, 3]);
    const got: { bytes: Uint8Array }[] = [];
    b.onMessages((batch) => got.push(...batch));
    a.post({ bytes }, [bytes.buffer]);
    a.flush();
    expect(bytes.byteLength).toBe(0);
    await turn();
    expect([...got[0]!.bytes]).toEqual([1, 2, 3]);
  });

  it('keeps early batches for the first handler', async () => {
    const [a, b] = linkPair<never, string>();
    a.post('early');
    await turn();
    await turn();
    const got: string[] = [];
    b.onMessages((batch) => got.push(...batch));
    expect(got).toEqual(['early']);
  });

  it('tells the other side of a death, after what was sent before it', async () => {
    const [a, b] = linkPair<string, string>();
    const log: string[] = [];
    b.onMessages((batch) => log.push(...batch));
    b.onLost((reason) => log.push(`lost: ${reason}`));
    a.post('sent');
    a.flush();
    a.post('never leaves');
    a.lose('it crashed');
    await turn();
    await turn();
    expect(log).toEqual(['sent', 'lost: it crashed']);
  });

  it('closes without calling the closer', async () => {
    const [a, b] = linkPair<string, string>();
    const log: string[] = [];
    a.onLost(() => log.push('a'));
    b.onLost(() => log.push('b'));
    b.onMessages((batch) => log.push(...batch));
    a.post('last words');
    a.close();
    b.post('dropped');
    await turn();
    await turn();
    expect(log).toEqual(['last words', 'b']);
  });
});
