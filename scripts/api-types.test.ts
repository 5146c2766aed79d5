import { expect, it } from 'vitest';
import { testKernel } from '../src/testing/test-kernel.ts';
import { apiTypes } from './api-types.mjs';

/** The names of the module `tutti`, where it is asked. */
const NAMES = "import * as everything from 'tutti';\nJSON.stringify(Object.keys(everything))";

it('the editor knows the names that cells find in the kernel and on engines, and no others', async () => {
  const { names } = JSON.parse(await apiTypes()) as { names: Record<string, string> };
  const kernel = await testKernel({ n: 1 });
  const [here, there] = [await kernel.run(NAMES), await kernel.run(`%%px\n${NAMES}`)];
  kernel.close();
  const found = [here, there].map(({ text }) => JSON.parse(/\[".*"\]/.exec(text)?.[0] ?? '[]') as string[]);
  for (const list of found) expect(list.length).toBeGreaterThan(5);
  const declared = Object.keys(names).filter((name) => names[name] !== 'type');
  const libraries = ['Plot', 'd3'];
  expect(declared.sort()).toEqual([...new Set([...found.flat(), ...libraries])].sort());
}, 120_000);
