import { expect, test } from 'vitest';
import { parseFlags, UsageError, type FlagSpec } from './flags.ts';

const SPECS: FlagSpec[] = [
  { kind: 'value', names: ['--targets', '-t'], value: 'TARGETS', help: 'where' },
  { kind: 'flag', names: ['--block', '-b'], help: 'wait' },
];
const cell = { magic: '%%px', rest: false };
const line = { magic: '%px', rest: true };

test('values come after a blank or an equals sign, in long and short form', () => {
  expect(parseFlags('--targets 0,2', SPECS, cell).values.get('--targets')).toBe('0,2');
  expect(parseFlags('--targets=::2 -b', SPECS, cell).values).toEqual(
    new Map<string, string | true>([
      ['--targets', '::2'],
      ['--block', true],
    ]),
  );
  expect(parseFlags('-t [0, 2]', SPECS, cell).values.get('--targets')).toBe('[0, 2]');
});

test('on a line magic the first word that is no flag begins the code', () => {
  const parsed = parseFlags('-b  --i; x', SPECS, line);
  expect(parsed.rest).toBe('--i; x');
  expect(parsed.restColumn).toBe(4);
});

test('an unknown flag of a cell magic is a usage error that points at its column', () => {
  expect(() => parseFlags('-b --frobnicate', SPECS, cell)).toThrow(UsageError);
  expect(() => parseFlags('-b --frobnicate', SPECS, cell)).toThrow(
    '%%px: there is no flag --frobnicate (column 9). Nothing was run.\n  %%px -b --frobnicate\n          ^',
  );
});

test('on a line magic an unknown flag is a usage error where it cannot be JavaScript', () => {
  expect(() => parseFlags('-b --targest 1 x', SPECS, line)).toThrow(
    '%px: there is no flag --targest (column 8). Nothing was run.\n  %px -b --targest 1 x\n         ^',
  );
  for (const text of ['--targest=2 x', '-q f()', '--no-blok f(1)', '-q -w x', '--blok "a"']) {
    expect(() => parseFlags(text, SPECS, line), text).toThrow(UsageError);
  }
  // What JavaScript reads is code, and so are mistakes in code.
  for (const text of ['--x', '-x', '--x; f()', '-x + 1', '--no-blok', '-f (1)', '-1 x', '--x + (', '-x.y(']) {
    expect(parseFlags(text, SPECS, line).rest, text).toBe(text);
  }
});

test('a flag without its value says which value it wants', () => {
  expect(() => parseFlags('--targets', SPECS, cell)).toThrow('--targets needs a value (TARGETS)');
  expect(() => parseFlags('--targets --block', SPECS, cell)).toThrow('--targets needs a value (TARGETS)');
  expect(() => parseFlags('--block=yes', SPECS, cell)).toThrow('--block takes no value');
});

test('digits may be glued to a short flag that takes a value', () => {
  const parsed = parseFlags('-t3 f()', SPECS, line);
  expect(parsed.values.get('--targets')).toBe('3');
  expect(parsed.rest).toBe('f()');
});
