import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Reference } from '../protocol/reference.ts';
import { closeClusters, testCluster } from '../testing/test-cluster.ts';
import { range } from './sequences.ts';
import { Dependency } from './dependency.ts';
import type { AsyncResult } from './async-result/async-result.ts';
import type { Client } from './client.ts';

/** What JavaScript does to any object, done to those of the API: it works, or it is a TypeError that says what to do. */

afterEach(closeClusters);

let rc: Client;
let objects: Record<string, Shown>;

interface Shown {
  readonly toString: () => string;
}

beforeEach(async () => {
  ({ rc } = await testCluster({ n: 2 }));
  const ar = rc.slice().map((x: number) => x * 10, range(4));
  await ar;
  objects = {
    rc,
    dview: rc.slice(),
    e0: rc.at(0),
    lview: rc.loadBalancedView(),
    ar,
    reference: new Reference('a'),
    dependency: new Dependency(ar),
    ns: rc.slice().ns,
  };
});

describe('operators', () => {
  it('48 49 arithmetic and comparison are TypeErrors that say what to do', () => {
    const operations: Record<string, (value: number) => unknown> = {
      '+ 1': (value) => value + 1,
      '> 3': (value) => value > 3,
      '* 2': (value) => value * 2,
      'unary -': (value) => -value,
      '== 1': (value) => value == 1,
    };
    for (const [name, object] of Object.entries(objects)) {
      for (const [how, operate] of Object.entries(operations)) {
        expect(() => operate(object as unknown as number), `${name} ${how}`).toThrow(TypeError);
        expect(() => operate(object as unknown as number), `${name} ${how}`).toThrow(
          /cannot be compared, added or used as a number: /,
        );
      }
    }
    expect(() => (objects['reference'] as unknown as number) + 1).toThrow(
      'Reference("a + 1") is computed there',
    );
    expect(() => (objects['ar'] as unknown as number) + 1).toThrow('await it first');
  });

  it('38 texts and JSON are short', () => {
    for (const [name, object] of Object.entries(objects)) {
      expect(String(object).length, name).toBeLessThan(60);
      expect(JSON.stringify({ object }).length, name).toBeLessThan(80);
    }
    expect(JSON.stringify(objects['ar'])).toBe(JSON.stringify((objects['ar'] as AsyncResult).toString()));
  });

  it('keys, spread and for..in give nothing of ours', () => {
    for (const name of ['rc', 'dview', 'lview', 'e0', 'ar']) {
      const object = objects[name] ?? {};
      expect(Object.keys(object), name).toEqual([]);
      expect({ ...object }, name).toEqual({});
      const seen: string[] = [];
      for (const key in object) seen.push(key);
      expect(seen, name).toEqual([]);
      // Results are objects as others are.
      if (name !== 'ar') expect(() => structuredClone(object), name).toThrow(/could not be cloned/);
    }
  });

  it('36 in and delete of a client and a load-balanced view', () => {
    expect([0 in rc, 7 in rc, ':' in rc, 'ids' in rc, 'nothing' in rc]).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
    const { lview } = objects as { lview: Record<string, unknown> };
    expect(['apply' in lview, 'q' in lview]).toEqual([true, false]);
    expect(() => delete lview['q']).toThrow("no variable 'q' to delete");
    expect(() => delete rc['q']).toThrow(TypeError);
    expect(() => Reflect.deleteProperty(rc, 'ids')).toThrow(
      "'ids' is a name of the API and cannot be deleted",
    );
  });
});

describe('places of a result', () => {
  it('36 49 ar[0] is ar.at(0), ar[-1] the last, a slice a list', () => {
    const ar = objects['ar'] as AsyncResult<number[]>;
    const at = (key: unknown): unknown => Reflect.get(ar, key as string);
    expect([ar[0], ar[3], ar[-1], at('1:3'), at(':2'), at(':')]).toEqual([
      0,
      30,
      30,
      [10, 20],
      [0, 10],
      [0, 10, 20, 30],
    ]);
    expect(() => at(4)).toThrow('list index out of range');
    expect(() => at(1.5)).toThrow(TypeError);
    expect(at('nothing')).toBeUndefined();
    expect(at('constructor')).toBe(ar.constructor);
    expect(() => Reflect.set(ar, '0', 1)).toThrow(/cannot be written to/);
  });

  it.each([[{}], [null], ['0'], [NaN], [1.5], [undefined], [[]], [true], [Infinity], [1n]])(
    '36 at(%s) is a TypeError',
    (index) => {
      const ar = objects['ar'] as AsyncResult<number[]>;
      expect(() => ar.at(index as never)).toThrow(TypeError);
      expect(() => rc.at(index as never)).toThrow(TypeError);
      if (index !== undefined) expect(() => ar.slice(index as never)).toThrow(TypeError);
    },
  );
});
