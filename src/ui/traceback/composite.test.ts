import { describe, expect, it } from 'vitest';
import type { WireError } from '../../protocol/errors.ts';
import type { EngineUuid } from '../../protocol/ids.ts';
import { engineLabel, groupErrors, placeOf } from './composite.ts';

const failed = (engineId: number, evalue: string, line = 2): WireError => ({
  ename: 'TypeError',
  evalue,
  traceback: [`TypeError: ${evalue}`],
  frames: [
    { functionName: 'f', url: 'helper', line: 1, column: 1 },
    { functionName: null, url: 'cell-4/abc', line, column: 1 },
  ],
  engineInfo: { engineId, engineUuid: 'engine-x' as EngineUuid, method: 'execute' },
});

describe('errors of several engines', () => {
  it('equal ones are one group, in the order in which they first came', () => {
    const errors = [failed(0, 'a'), failed(1, 'b'), failed(2, 'a'), failed(3, 'a', 9)];
    expect(groupErrors(errors).map((group) => group.all.map(engineLabel))).toEqual([
      ['[0:execute]', '[2:execute]'],
      ['[1:execute]'],
      ['[3:execute]'],
    ]);
  });

  it('the place is the innermost line of a cell, or where the syntax broke', () => {
    expect(placeOf(failed(0, 'a'))).toMatchObject({ url: 'cell-4/abc', line: 2 });
    expect(placeOf({ ...failed(0, 'a'), position: { url: 'cell-1/x', line: 7, column: 3 } })).toMatchObject({
      line: 7,
    });
    expect(placeOf({ ...failed(0, 'a'), frames: [] })).toBeNull();
  });

  it('an error of the kernel has no label', () => {
    expect(engineLabel({ ...failed(0, 'a'), engineInfo: null })).toBeNull();
  });
});
