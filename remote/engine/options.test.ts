import { expect, test } from 'vitest';
import { parseOptions, UsageError, type EngineOptions } from './options.ts';

const parse = (...argv: string[]) => parseOptions(argv, { IPYTHONDIR: '/ip' }) as EngineOptions;

test('what ipyparallel’s launchers pass leads to the connection file', () => {
  const { file, logLevel, nanny } = parse('--profile-dir', '/p', '--cluster-id', 'c1', '--log-level=20');
  expect([file, logLevel, nanny]).toEqual(['/p/security/ipcontroller-c1-engine.json', 'info', true]);
  expect(parse('--profile-dir=/p', '--cluster-id=').file).toBe('/p/security/ipcontroller-engine.json');
});

test('without options it is the default profile; a profile by name, a file by path', () => {
  expect(parse().file).toBe('/ip/profile_default/security/ipcontroller-engine.json');
  expect(parse('--profile=hpc').file).toBe('/ip/profile_hpc/security/ipcontroller-engine.json');
  expect(parse('-f', 'x.json').file).toBe('x.json');
});

test('ipengine’s configuration is understood where it means something, and passed over where not', () => {
  const options = parse('--IPEngine.timeout=7', '--IPEngine.max_heartbeat_misses=3', '--Session.debug=True');
  expect([options.timeout, options.misses]).toEqual([7, 3]);
});

test('log levels are names or Python’s numbers', () => {
  const levels = ['10', '20', '30', 'WARNING', '50', 'debug'].map(
    (level) => parse(`--log-level=${level}`).logLevel,
  );
  expect(levels).toEqual(['debug', 'info', 'warn', 'warn', 'error', 'debug']);
});

test('the rank of mpiexec or srun is the id, unless one is given', () => {
  const env = { SLURM_PROCID: '4' };
  expect(parseOptions(['--mpi'], env)).toMatchObject({ id: 4 });
  expect(parseOptions(['--mpi', '--id=2'], env)).toMatchObject({ id: 2 });
  expect(parseOptions([], env)).toMatchObject({ id: null });
});

test.each([
  [['--nonsense'], /nonsense/],
  [['--timeout=soon'], /--timeout takes a number of seconds/],
  [['--id=-1'], /--id takes a whole number/],
  [['--log-level=loud'], /not 'loud'/],
])('%j is a usage error', (argv, sentence) => {
  expect(() => parse(...argv)).toThrow(UsageError);
  expect(() => parse(...argv)).toThrow(sentence);
});
