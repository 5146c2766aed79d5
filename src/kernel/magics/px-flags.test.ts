import { expect, test } from 'vitest';
import { parsePx, parsePxResult } from './px-flags.ts';

test('%px takes flags before its code, and code that begins with a minus as code', () => {
  const px = parsePx('%px', '--targets 0 console.log(1)', true);
  expect(px.execute.targets).toBe(0);
  expect(px.code).toBe('console.log(1)');
  expect(px.codeColumn).toBe(12);
  expect(parsePx('%px', '--i', true).code).toBe('--i');
});

test('P.316 of --block and --noblock the last one wins; neither leaves it to the view', () => {
  expect(parsePx('%%px', '--block --noblock', false).execute.block).toBe(false);
  expect(parsePx('%%px', '-a -b', false).execute.block).toBe(true);
  expect(parsePx('%%px', '', false).execute.block).toBeUndefined();
});

test('%%px takes no code on its line', () => {
  expect(() => parsePx('%%px', 'console.log(1)', false)).toThrow(
    '"console.log(1)" is unexpected here (column 6)',
  );
});

test('P.321 outputs are grouped as the flags say', () => {
  expect(parsePxResult('%pxresult', '').groupBy).toBeUndefined();
  expect(parsePxResult('%pxresult', '-e').groupBy).toBe('engine');
  expect(parsePxResult('%pxresult', '--group-outputs order').groupBy).toBe('order');
  expect(() => parsePxResult('%pxresult', '-g size')).toThrow(
    '--group-outputs size is not type, engine or order',
  );
});

test('the name for --out must be a name', () => {
  expect(parsePxResult('%pxresult', '-o résultat').out).toBe('résultat');
  expect(() => parsePxResult('%pxresult', '-o 2x')).toThrow('--out 2x is not a name');
});

test('P.326 --progress-after takes seconds', () => {
  expect(parsePx('%%px', '--progress-after 0.5', false).execute.progressAfter).toBe(0.5);
  expect(parsePx('%%px', '--progress-after -1', false).execute.progressAfter).toBe(-1);
  expect(() => parsePx('%%px', '--progress-after soon', false)).toThrow('soon is not a number of seconds');
});

test('--signal-on-interrupt takes names and numbers of the signals there are', () => {
  expect(parsePx('%%px', '--signal-on-interrupt SIGKILL', false).execute.signal).toBe('SIGKILL');
  expect(parsePx('%%px', '--signal-on-interrupt 15', false).execute.signal).toBe('SIGTERM');
  expect(() => parsePx('%%px', '--signal-on-interrupt SIGHUP', false)).toThrow(
    'SIGHUP is not a signal: SIGINT (2)',
  );
});
