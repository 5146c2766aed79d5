import { expect, test } from 'vitest';
import { runNames } from './run-names.ts';

const names = (source: string, autopx = false) => runNames(source, { usual: 'javascript', autopx });

test('plain code belongs to the kernel, %px to the engines', () => {
  expect(names('let a = b\n%px let c = d\na + e')).toEqual({
    gives: ['kernel a', 'engines c'],
    uses: ['kernel b', 'engines d', 'kernel e'],
  });
});

test('%%px with its flags: the body is the engines’, what it is kept as the kernel’s', () => {
  expect(names('%%px --targets 0,1 -o ar\nlet a = b\n%timeit f(a)')).toEqual({
    gives: ['engines a', 'kernel ar'],
    uses: ['engines b', 'engines f'],
  });
  expect(names('ar = %px work()')).toEqual({ gives: ['kernel ar'], uses: ['engines work'] });
  expect(names('%%px --local\nlet a = b').gives).toEqual(['engines a', 'kernel a']);
});

test('under %autopx plain code is the engines’', () => {
  expect(names('let a = b', true)).toEqual({ gives: ['engines a'], uses: ['engines b'] });
});

test('%time is where it stands; magics without code and Python have no names', () => {
  expect(names('%time f(x)').uses).toEqual(['kernel f', 'kernel x']);
  expect(names('%%time\nlet a = f(x)')).toEqual({ gives: ['kernel a'], uses: ['kernel f', 'kernel x'] });
  expect(names('%who\n%run data.js\nx?')).toEqual({ gives: [], uses: [] });
  expect(runNames('%px import numpy', { usual: 'python', autopx: false })).toEqual({ gives: [], uses: [] });
});
