import { describe, expect, it } from 'vitest';
import { hubOptions } from './hub-options.ts';

describe('hubOptions', () => {
  it('fills in the defaults', () => {
    expect(hubOptions({ hwm: 0 })).toMatchObject({ hwm: 0, grace: 2, recordLimit: 1024, sizeLimit: 2 ** 30 });
  });

  it.each([
    { hwm: -1 },
    { hwm: 1.5 },
    { grace: NaN },
    { window: 0 },
    { cullFraction: 2 },
    { recordLimit: -1 },
  ])('refuses %o', (spec) => {
    expect(() => hubOptions(spec)).toThrow(RangeError);
  });

  it('refuses options that do not exist', () => {
    expect(() => hubOptions({ speed: 1 } as object)).toThrow(
      new TypeError('There is no cluster option named speed.'),
    );
  });
});
