import { describe, expect, it } from 'vitest';
import { createConsole } from './console.ts';

function recorded() {
  let now = 0;
  const lines: string[] = [];
  const console = createConsole({
    clock: { now: () => now },
    write: (name, text) => lines.push(`${name}: ${text}`),
    clear: () => lines.push('cleared'),
  });
  return { console, lines, pass: (ms: number) => (now += ms) };
}

const call = (console: ReturnType<typeof createConsole>, method: string, ...args: unknown[]) =>
  console[method]?.(...args);

describe('console', () => {
  it('log, info and debug are stdout; error, warn and trace are stderr', () => {
    const { console, lines } = recorded();
    for (const method of ['log', 'info', 'debug', 'error', 'warn']) call(console, method, method, [1]);
    call(console, 'trace', 'here');
    expect(lines).toEqual([
      'stdout: log [ 1 ]\n',
      'stdout: info [ 1 ]\n',
      'stdout: debug [ 1 ]\n',
      'stderr: error [ 1 ]\n',
      'stderr: warn [ 1 ]\n',
      'stderr: Trace: here\n',
    ]);
  });

  it('groups indent every line', () => {
    const { console, lines } = recorded();
    call(console, 'group', 'outer');
    call(console, 'log', 'a\nb');
    call(console, 'groupEnd');
    call(console, 'groupEnd');
    call(console, 'log', 'c');
    expect(lines).toEqual(['stdout: outer\n', 'stdout:   a\n  b\n', 'stdout: c\n']);
  });

  it('count and timers', () => {
    const { console, lines, pass } = recorded();
    call(console, 'count', 'x');
    call(console, 'count', 'x');
    call(console, 'countReset', 'x');
    call(console, 'count', 'x');
    call(console, 'time', 't');
    pass(1500);
    call(console, 'timeLog', 't', 'so far');
    call(console, 'timeEnd', 't');
    call(console, 'timeEnd', 't');
    expect(lines).toEqual([
      'stdout: x: 1\n',
      'stdout: x: 2\n',
      'stdout: x: 1\n',
      'stdout: t: 1.500 s so far\n',
      'stdout: t: 1.500 s\n',
      "stderr: console: there is no timer 't'; call console.time('t') first\n",
    ]);
  });

  it('assert speaks only when it fails; clear is told', () => {
    const { console, lines } = recorded();
    call(console, 'assert', true, 'never');
    call(console, 'assert', 0, 'n is', 5);
    call(console, 'clear');
    expect(lines).toEqual(['stderr: Assertion failed: n is 5\n', 'cleared']);
  });

  it('a long table is cut, says so, and looks at no row that it leaves out', () => {
    const { console, lines } = recorded();
    let looks = 0;
    const cell = { [Symbol.for('nodejs.util.inspect.custom')]: () => String(++looks) };
    call(
      console,
      'table',
      Array.from({ length: 5000 }, () => [cell]),
    );
    expect(lines.join('')).toMatch(/┘\n\.\.\. 4000 more rows\n$/);
    expect(looks).toBe(1000);
  });

  it('table draws a box, and prints what is no table', () => {
    const { console, lines } = recorded();
    call(console, 'table', [{ a: 1, b: 'x' }, { a: 20 }]);
    call(console, 'table', new Map([['k', 5]]));
    call(console, 'table', 5);
    expect(lines).toEqual([
      [
        'stdout: ┌─────────┬────┬─────┐',
        '│ (index) │ a  │ b   │',
        '├─────────┼────┼─────┤',
        "│ 0       │ 1  │ 'x' │",
        '│ 1       │ 20 │     │',
        '└─────────┴────┴─────┘\n',
      ].join('\n'),
      'stdout: ┌─────────┬────────┐\n│ (index) │ Values │\n├─────────┼────────┤\n│ k       │ 5      │\n└─────────┴────────┘\n',
      'stdout: 5\n',
    ]);
  });
});
