import { afterEach, describe, expect, test, vi } from 'vitest';
import { findWorkerWay, WorkerSource } from './launch-worker.ts';
import { refuseNestedWorkers } from './nested-workers.ts';

/** What only some browsers need of workers. */

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('how workers start', () => {
  type Answer = 'shares' | 'copies' | 'error event' | 'throw';

  /** Workers as a browser has them that answers so for each kind of address. Gives the addresses that were tried. */
  function browser(vendor: string, answers: Readonly<Record<'blob' | 'data', Answer>>): string[] {
    const tried: string[] = [];
    class FakeWorker {
      onmessage: (() => void) | null = null;
      onerror: (() => void) | null = null;
      readonly posted: unknown[] = [];
      readonly #answer: Answer;

      constructor(url: string) {
        tried.push(url);
        this.#answer = answers[url.startsWith('blob:') ? 'blob' : 'data'];
        if (this.#answer === 'throw') throw new DOMException('refused', 'SecurityError');
      }

      postMessage(data: unknown): void {
        this.posted.push(data);
        if (this.#answer === 'shares' && data instanceof SharedArrayBuffer) new Uint8Array(data)[0] = 1;
        queueMicrotask(() => (this.#answer === 'error event' ? this.onerror : this.onmessage)?.());
      }

      terminate(): void {
        this.onmessage = null;
      }
    }
    vi.stubGlobal('Worker', FakeWorker);
    vi.stubGlobal('navigator', { vendor });
    return tried;
  }

  const APPLE = 'Apple Computer, Inc.';

  test.each([
    [APPLE, 'shares', 'shares', { scheme: 'blob', sharesMemory: true }, ['blob']],
    [APPLE, 'copies', 'shares', { scheme: 'blob', sharesMemory: false }, ['blob']],
    [APPLE, 'error event', 'shares', { scheme: 'data', sharesMemory: true }, ['blob', 'data']],
    [APPLE, 'error event', 'copies', { scheme: 'data', sharesMemory: false }, ['blob', 'data']],
    [APPLE, 'error event', 'error event', { scheme: 'data', sharesMemory: false }, ['blob', 'data']],
    [APPLE, 'throw', 'shares', { scheme: 'data', sharesMemory: true }, ['blob', 'data']],
    [APPLE, 'throw', 'throw', { scheme: 'data', sharesMemory: false }, ['blob', 'data']],
    // Nobody else waits for a trial.
    ['Google Inc.', 'error event', 'copies', { scheme: 'blob', sharesMemory: true }, []],
    ['', 'error event', 'copies', { scheme: 'blob', sharesMemory: true }, []],
  ] as const)('by %j, blob: %s, data: %s', async (vendor, blob, data, way, schemes) => {
    const tried = browser(vendor, { blob, data });
    expect(await findWorkerWay()).toEqual(way);
    expect(tried.map((url) => url.slice(0, 4))).toEqual(schemes);
  });

  test('from a blob: address that has the code; from a short data: address that is sent it first', async () => {
    const tried = browser(APPLE, { blob: 'copies', data: 'copies' });
    const code = 'postMessage("x");'.repeat(1000);
    const fromBlob = new WorkerSource(code, 'engine', { scheme: 'blob', sharesMemory: true });
    const named = `${code}\n//# sourceURL=tutti-engine.js`;
    expect(fromBlob.launch('e0')).toMatchObject({ posted: [] });
    const bytes = await (await fetch(tried[0] ?? '')).text();
    expect(bytes).toBe(named);
    const fromData = new WorkerSource(code, 'engine', { scheme: 'data', sharesMemory: true });
    expect(fromData.launch('e0')).toMatchObject({ posted: [named] });
    expect(tried[1]).toMatch(/^data:/);
    expect(tried[1]?.length).toBeLessThan(300);
  });
});

describe('workers that read no Blobs', () => {
  const own = Object.getOwnPropertyDescriptors(Blob.prototype);
  afterEach(() => {
    Object.defineProperties(Blob.prototype, own);
  });

  /** A realm from a `data:` address whose Blobs its owner reads, and how often that was asked. */
  async function readByOwner(fails = false): Promise<() => number> {
    vi.stubGlobal('location', { protocol: 'data:' });
    vi.resetModules();
    const { readBlobsByOwner, readBlobsFor } = await import('./read-blobs.ts');
    const worker = new EventTarget();
    readBlobsFor(worker as Worker);
    let asked = 0;
    // The owner's Blobs are read as ever; here both live in one realm.
    const seenByOwner = (blob: Blob): Blob =>
      Object.defineProperty(blob.slice(), 'arrayBuffer', {
        value: () =>
          fails
            ? Promise.reject(new Error('it is gone'))
            : (Reflect.apply(own.arrayBuffer.value as () => unknown, blob, []) as Promise<ArrayBuffer>),
      });
    readBlobsByOwner({
      postMessage: (message, ports) => {
        asked++;
        const { blob } = message as { readonly blob: Blob };
        const data = { ...(message as object), blob: seenByOwner(blob) };
        worker.dispatchEvent(Object.assign(new Event('message'), { data, ports }));
      },
    });
    return () => asked;
  }

  test('ask their owner for text, bytes and parts', async () => {
    const asked = await readByOwner();
    const blob = new Blob(['grüße']);
    expect(await blob.text()).toBe('grüße');
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(new TextEncoder().encode('grüße'));
    expect(await blob.bytes()).toEqual(new TextEncoder().encode('grüße'));
    expect(await blob.slice(0, 2).text()).toBe('gr');
    expect(asked()).toBe(4);
  });

  test('a stream asks for as much as it is read', async () => {
    const asked = await readByOwner();
    const bytes = new Uint8Array(2_500_000).map((_, i) => i);
    const reader = new Blob([bytes]).stream().getReader();
    const parts: Uint8Array[] = [];
    for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    expect(asked()).toBe(3);
    expect(await new Response(new Blob([]).stream()).text()).toBe('');
  });

  test('hear why it cannot be read', async () => {
    await readByOwner(true);
    await expect(new Blob(['x']).text()).rejects.toMatchObject({
      name: 'NotReadableError',
      message: 'Error: it is gone',
    });
  });

  test('an owner answers nothing else, and needs a port', async () => {
    vi.resetModules();
    vi.stubGlobal('location', { protocol: 'https:' });
    const { readBlobsFor, isReadByOwner } = await import('./read-blobs.ts');
    expect(isReadByOwner).toBe(false);
    const worker = new EventTarget();
    readBlobsFor(worker as Worker);
    const { port1, port2 } = new MessageChannel();
    const heard: unknown[] = [];
    const answered = new Promise<void>((resolve) => {
      port2.onmessage = ({ data }: { readonly data: unknown }) => {
        heard.push(data);
        resolve();
      };
    });
    const say = (data: unknown, ports: readonly unknown[]) =>
      worker.dispatchEvent(Object.assign(new Event('message'), { data, ports }));
    const blob = new Blob(['x']);
    say([{ type: 'controller' }], [port1]);
    say({ type: 'tutti-read-blob', blob: 'x' }, [port1]);
    say({ type: 'tutti-read-blob', blob: { arrayBuffer: () => Promise.resolve(1) } }, [port1]);
    say({ type: 'tutti-read-blob', blob }, []);
    say({ type: 'tutti-read-blob', blob }, [port1]);
    await answered;
    expect(heard).toHaveLength(1);
    expect(new TextDecoder().decode(heard[0] as ArrayBuffer)).toBe('x');
    port2.close();
  });
});

describe('workers of workers', () => {
  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';
  const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0';
  const scopeWith = (Worker: unknown) => ({ Worker }) as { Worker: new () => object };

  test('Firefox hangs in them: there they are refused with a sentence, by whatever name they are reached', () => {
    let started = 0;
    class Native {
      readonly n = ++started;
    }
    const scope = scopeWith(Native);
    refuseNestedWorkers(scope, FIREFOX);
    const ways: readonly (new () => object)[] = [
      scope.Worker,
      class extends scope.Worker {},
      scope.Worker.prototype.constructor as new () => object,
    ];
    for (const Way of ways) expect(() => new Way()).toThrow(/starts no workers in Firefox.*Use engines/);
    expect(started).toBe(0);
    expect(Object.create(Native.prototype)).toBeInstanceOf(scope.Worker);
  });

  test('elsewhere they start, and a realm without them gets none', () => {
    class Native {
      readonly n = 1;
    }
    const scope = scopeWith(Native);
    refuseNestedWorkers(scope, CHROME);
    expect(new scope.Worker()).toBeInstanceOf(Native);
    const without = scopeWith(undefined);
    refuseNestedWorkers(without, FIREFOX);
    expect(without.Worker).toBeUndefined();
  });
});
