import { describe, expect, test } from 'vitest';
import { refuseNestedWorkers } from './nested-workers.ts';

/** What only some browsers need of workers. */

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
