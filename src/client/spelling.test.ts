import { describe, expect, expectTypeOf, it } from 'vitest';
import { camelCase, camelKeys, snakeCase, spell, type Spelled } from './spelling.ts';

describe('spelling', () => {
  it('goes from one spelling to the other and back', () => {
    for (const [camel, snake] of [
      ['applyAsync', 'apply_async'],
      ['loadBalancedView', 'load_balanced_view'],
      ['msgIds', 'msg_ids'],
      ['r', 'r'],
    ] as const) {
      expect(snakeCase(camel)).toBe(snake);
      expect(camelCase(snake)).toBe(camel);
    }
    expect(camelKeys({ return_exceptions: true, chunksize: 2 })).toEqual({
      returnExceptions: true,
      chunksize: 2,
    });
  });

  it('reaches overriding methods, accessors, statics and fields, and stays out of sight', () => {
    class Base {
      static tbLimit = 5;
      engineInfo = 'info';
      #label = 'none';
      sayHello() {
        return 'base';
      }
      get taskLabel() {
        return this.#label;
      }
      set taskLabel(label: string) {
        this.#label = label;
      }
    }
    spell(Base, ['engineInfo']);
    class Derived extends Base {
      override sayHello() {
        return 'derived';
      }
    }
    spell(Derived);
    const derived = new Derived() as Spelled<Derived>;
    expect(derived.say_hello()).toBe('derived');
    expect(Reflect.set(derived, 'task_label', 'mine')).toBe(true);
    expect(derived.taskLabel).toBe('mine');
    expect(derived.engine_info).toBe('info');
    expect(Object.keys(derived)).toEqual(['engineInfo']);
    Object.assign(Base, { tb_limit: 1 });
    expect(Base.tbLimit).toBe(1);
  });

  it('is declared in the types', () => {
    type View = Spelled<{ applyAsync(n: number): string; get(): void }>;
    expectTypeOf<View['apply_async']>().toEqualTypeOf<(n: number) => string>();
    expectTypeOf<keyof View>().toEqualTypeOf<'applyAsync' | 'get' | 'apply_async'>();
  });
});
