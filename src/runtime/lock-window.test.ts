import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { lockWindow } from './lock-window.ts';

/** A realm of its own, as a frame's window is one. Locked from inside: the kinds of functions are each realm's own. */
function lockedRealm(): (code: string) => unknown {
  const context = createContext({ setTimeout, setInterval });
  runInContext(`(${lockWindow.toString()})()`, context);
  return (code) => runInContext(code, context) as unknown;
}

test.each([
  'eval("ran = 1")',
  '(0, eval)("ran = 1")',
  'Function("ran = 1")()',
  'new Function("ran = 1")()',
  '(() => 0).constructor("ran = 1")()',
  '(async () => 0).constructor("ran = 1")()',
  '(function* () {}).constructor("ran = 1")().next()',
  '(async function* () {}).constructor("ran = 1")().next()',
  '[].constructor.constructor("ran = 1")()',
  'Reflect.construct((() => 0).constructor, ["ran = 1"])()',
  'setTimeout("ran = 1")',
  'setInterval({ toString: () => "ran = 1" })',
  'delete globalThis.eval, eval("ran = 1")',
  'globalThis.eval = null, eval("ran = 1")',
])('text becomes no code: %s', (code) => {
  const run = lockedRealm();
  expect(run(`try { ${code}; 'it ran' } catch (error) { error.message }`)).toBe(
    'No text is run as code here.',
  );
  expect(run('typeof ran')).toBe('undefined');
});

test('what is code already works on', async () => {
  const run = lockedRealm();
  expect(run('(() => 0) instanceof Function')).toBe(true);
  await run('new Promise((resolve) => setTimeout(resolve, 1, 5))');
});
