import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtProgram } from '../testing/built.ts';
import { hasIpcontroller, Ipcontroller, PYTHON } from '../testing/ipcontroller.ts';
import { JsEngine } from '../testing/js-engine.ts';
import { RawClient } from '../testing/raw-client.ts';

const run = promisify(execFile);

describe.skipIf(!hasIpcontroller).concurrent('how engines are started', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tutti-launch-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('ipyparallel’s own launcher starts two, signals them, and stops them: no process is left', async () => {
    const profile = join(folder, 'launched');
    const script = `
import ipyparallel as ipp, signal, sys, time
from traitlets.config import Config
config = Config()
# Sets of engines copy the one into the other; single ones have their own.
config.LocalEngineSetLauncher.engine_cmd = config.LocalEngineLauncher.engine_cmd = [sys.argv[1]]
config.LocalEngineSetLauncher.delay = 0
# Its first heartbeat lists an engine.
config.Cluster.controller_args = ["--HeartMonitor.period=500"]
with ipp.Cluster(n=2, profile_dir=sys.argv[2], config=config, log_level=40) as rc:
    rc.wait_for_engines(2, timeout=60)
    view = rc[:]
    print(rc.ids, [r.execute_result["data"]["text/plain"] for r in
          (lambda ar: (ar.get(20), ar.wait_for_output(20))[0])(view.execute("engine.uuid.slice(0, 3)", silent=False))])
    endless = view.execute("for (;;) {}", silent=False)
    while not all(endless.execute_input):
        time.sleep(0.01)
    rc.cluster.signal_engines_sync(signal.SIGINT)
    try:
        endless.get(20)
    except ipp.error.CompositeError as error:
        print([e[0] for e in error.elist])
`;
    const { stdout } = await run(PYTHON, ['-c', script, await builtProgram('tutti-engine'), profile], {
      timeout: 100_000,
    });
    expect(stdout).toContain(`[0, 1] ["'js-'", "'js-'"]`);
    expect(stdout).toContain("['KeyboardInterrupt', 'KeyboardInterrupt']");
    expect(await processesWith(profile)).toEqual([]);
  });

  test('a controller with CurveZMQ is spoken to encrypted', async () => {
    await using controller = await Ipcontroller.start({
      args: ['--IPController.enable_curve=True'],
      answers: false,
    });
    await using engine = await JsEngine.start(['--profile-dir', controller.profileDir, '--cluster-id', '']);
    const script = `
import ipyparallel as ipp, sys
rc = ipp.Client(sys.argv[1])
rc.wait_for_engines(1, timeout=60)
ar = rc[0].execute("6 * 7", silent=False)
reply = ar.get(20)
ar.wait_for_output(20)
print(reply.execute_result["data"]["text/plain"])
`;
    const { stdout } = await run(PYTHON, ['-c', script, controller.clientFile], { timeout: 100_000 });
    expect(stdout.trim()).toBe('42');
    expect(engine.log).toContain('is ready');
  });

  test('the connection file is awaited; startup code runs first; the rank of srun is the id', async () => {
    const profile = join(folder, 'late');
    const args = ['--profile-dir', profile, '--cluster-id', 'c7', '--mpi', '-c', 'var ready = 20 + 1'];
    await using engine = await JsEngine.start(args, ['env', 'SLURM_PROCID=5']);
    await expect.poll(() => engine.log, { timeout: 30_000 }).toContain('ipcontroller-c7-engine.json');
    await using controller = await Ipcontroller.start({ profileDir: profile, clusterId: 'c7' });
    using client = new RawClient(controller.connection);
    const [uuid = ''] = await client.waitForEngines(1);
    expect([...(await client.engines()).keys()]).toEqual([5]);
    expect(await client.value(uuid, 'ready * 2')).toBe('42');
  });
});

/** Command lines of processes that name this folder. */
async function processesWith(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // One that ends meanwhile has no file any more.
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(folder)).map((line) => line.replaceAll('\0', ' '));
}
