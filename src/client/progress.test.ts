import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MimeBundle } from '../protocol/outputs.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { progressBundle, progressText, type Progress } from './async-result/progress.ts';
import { ValueError } from './errors.ts';
import { range } from './sequences.ts';

declare function progress(done: number, total: number): void;
declare function sleep(seconds: number): Promise<void>;

afterEach(closeClusters);

const half: Progress = {
  name: 'f<g>',
  done: 9,
  total: 16,
  failed: 0,
  fraction: 0.625,
  elapsed: 2,
  engines: [
    { id: 0, done: 5, own: null },
    { id: 2, done: 4, own: 0.5 },
  ],
};

describe('the bar', () => {
  it('tells items, rate, what is left and what each engine did', () => {
    expect(progressText(half)).toBe(
      'f<g>:  62%|████████████▌       | 9/16 tasks [00:02<00:01, 5.00 tasks/s] e0: 5, e2: 4 + 50%',
    );
    const { data } = progressBundle(half);
    expect(data['text/plain']).toBe(progressText(half));
    expect(data['text/html']).toBe(
      '<div><code>f&lt;g&gt;</code> <progress aria-label="f&lt;g&gt;" value="0.6250" max="1">62%</progress> ' +
        '9/16 tasks · 5.00 tasks/s · 00:02 · 00:01 left</div>' +
        '<div><small><code>e0: 5</code> <code>e2: 4 + 50%</code></small></div>',
    );
  });

  it('does not call a function without a name by the word for it', () => {
    const html = progressBundle({ ...half, name: '<anonymous>' }).data['text/html'];
    expect(html).toMatch(/^<div><progress aria-label="Progress" value="0.6250" max="1">/);
  });

  it('knows neither rate nor end before anything is done', () => {
    const none = { ...half, done: 0, fraction: 0, engines: [] };
    expect(progressText(none)).toBe('f<g>:   0%|                    | 0/16 tasks [00:02<?, ? tasks/s]');
  });

  it('counts failures, hours and very many engines', () => {
    const engines = range(20).map((id) => ({ id, done: 1, own: null }));
    const text = progressText({
      ...half,
      done: 20,
      total: 20,
      failed: 3,
      fraction: 1,
      elapsed: 7265,
      engines,
    });
    expect(text).toContain('100%|████████████████████| 20/20 tasks, 3 failed [2:01:05<00:00');
    expect(text).toMatch(/e15: 1, 4 more$/);
  });

  it('does not say 100 % before the end', () => {
    expect(progressText({ ...half, fraction: 0.9999 })).toContain(' 99%|');
  });
});

/** A cluster that keeps every state of every bar. */
async function drawing(n = 2) {
  const bars: MimeBundle[][] = [];
  const display = (bundle: MimeBundle) => {
    const states = [bundle];
    bars.push(states);
    return {
      update: (next: MimeBundle) => {
        states.push(next);
      },
    };
  };
  const { rc } = await testCluster({ n, environment: { display } });
  const texts = () => bars.map((states) => states.map(({ data }) => String(data['text/plain'])));
  return { rc, bars, texts };
}

describe('waitInteractive', () => {
  it('I.190 draws one bar that ends at n/n, and resolves when all is done', async () => {
    const { rc, bars, texts } = await drawing();
    const ar = rc.slice().mapAsync((x) => sleep(0.02).then(() => x), range(6));
    await ar.waitInteractive({ interval: 0.005 });
    expect(ar.ready()).toBe(true);
    expect(bars).toHaveLength(1);
    expect(texts()[0]?.[0]).toContain(' 0/6 tasks');
    expect(texts()[0]?.at(-1)).toMatch(/^.+: 100%\|█+\| 6\/6 tasks \[.*\] e0: 3, e1: 3$/);
  });

  it('I.190 with a timeout it just returns', async () => {
    const { rc, texts } = await drawing(1);
    const ar = rc.at(0).apply(() => sleep(0.2));
    await ar.waitInteractive({ timeout: 0.01 });
    expect(ar.ready()).toBe(false);
    expect(texts()[0]?.at(-1)).toContain('0/1 tasks');
    await ar;
  });

  it('counts what running tasks say with progress(i, n)', async () => {
    const { rc, texts } = await drawing(1);
    const task = async () => {
      progress(1, 4);
      await sleep(0.1);
    };
    const ar = rc.at(0).apply(task);
    await ar.waitInteractive({ interval: 0.005 });
    expect(texts()[0]).toContainEqual(expect.stringMatching(/^task: {2}25%.* 0\/1 tasks .* e0: 0 \+ 25%$/));
    expect(texts()[0]?.at(-1)).toContain('100%');
  });

  it('throws no task’s error, counts failures, and can stop at the first', async () => {
    const { rc, texts } = await drawing(2);
    const ar = rc.slice().execute('if (engine.id === 1) throw new Error("no"); await sleep(0.1)');
    await ar.waitInteractive({ returnWhen: 'FIRST_EXCEPTION', interval: 10 });
    expect(ar.ready()).toBe(false);
    expect(texts()[0]?.at(-1)).toContain('1/2 tasks, 1 failed');
    await ar.waitInteractive();
    expect(texts()[1]?.at(-1)).toContain('2/2 tasks, 1 failed');
    await expect(ar).rejects.toThrow('one or more exceptions');
  });

  it('a result that is there already is drawn once', async () => {
    const { rc, texts } = await drawing(1);
    const ar = rc.at(0).apply(() => 1);
    await ar;
    await ar.waitInteractive();
    expect(texts()).toEqual([[expect.stringContaining('1/1 tasks')]]);
  });

  it('refuses options that make no sense', async () => {
    const { rc } = await drawing(1);
    const ar = rc.at(0).apply(() => 1);
    await expect(ar.waitInteractive({ interval: 0 })).rejects.toThrow(ValueError);
    await expect(ar.waitInteractive({ widget: true } as never)).rejects.toThrow(/unexpected option 'widget'/);
  });

  it('A.29 of a client waits for all that is outstanding, and for nothing at once', async () => {
    const { rc, bars, texts } = await drawing(2);
    await rc.waitInteractive();
    expect(bars).toEqual([]);
    const [one, two] = [rc.at(0).apply(() => sleep(0.02)), rc.slice().apply(() => 1)];
    await rc.waitInteractive(null, { interval: 0.005 });
    expect([one.ready(), two.ready(), rc.outstanding.size]).toEqual([true, true, 0]);
    expect(texts()[0]?.at(-1)).toContain('3/3 tasks');
    await rc.waitInteractive([one, two]);
    expect(bars).toHaveLength(2);
  });

  it('where nothing can be displayed, prints the end', async () => {
    const { rc } = await testCluster({ n: 1 });
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await rc.at(0).apply(() => sleep(0.02)).waitInteractive({ interval: 0.005 }); // prettier-ignore
    expect(log.mock.calls).toEqual([[expect.stringContaining('1/1 tasks')]]);
    log.mockRestore();
  });
});
