import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasIpcontroller, Ipcontroller, PYTHON } from '../testing/ipcontroller.ts';
import { Hosts, hostsRefused } from '../testing/hosts.ts';
import { JsEngine } from '../testing/js-engine.ts';

const refused = hasIpcontroller ? hostsRefused() : null;
if (refused !== null) console.warn(`The tests with several hosts are skipped. ${refused}`);

/** What a user on the fourth host does, in Python; it says each thing on a line. */
const SCRIPT = `
import ipyparallel as ipp, sys
rc = ipp.Client(sys.argv[1])
def hosts():
    ar = rc[:].execute("engine.uuid", silent=False)
    return [str(reply.metadata["engine_uuid"]) for reply in ar.get(20)]
def until(n):
    rc.wait_for_engines(n, timeout=60) if n > len(rc.ids) else None
    while len(rc.ids) != n:
        rc._io_loop and __import__("time").sleep(0.05)
    print("engines", len(rc.ids), flush=True)
until(2)
rc[:].execute("var kept = 5", block=True)
print("ran on", len(set(hosts())), flush=True)
sys.stdin.readline()
until(1)
print("alone", len(hosts()), flush=True)
sys.stdin.readline()
until(2)
ar = rc[:].execute("kept", silent=False)
replies = ar.get(20)
ar.wait_for_output(20)
print("kept", [reply.execute_result["data"]["text/plain"] for reply in replies], flush=True)
`;

describe.skipIf(!hasIpcontroller || refused !== null)('several hosts', () => {
  let hosts: Hosts;
  beforeAll(() => {
    hosts = new Hosts(['hub', 'one', 'two', 'desk']);
  });
  afterAll(() => hosts[Symbol.dispose]());

  test('a controller, engines on two others, a client on a fourth; one is cut off, and back', async () => {
    await hosts.reached('one', 'hub');
    await using controller = await Ipcontroller.start({
      ip: hosts.address('hub'),
      wrap: hosts.on('hub'),
      answers: false,
    });
    const join = (host: string) => JsEngine.start(['--file', controller.engineFile], hosts.on(host));
    await using one = await join('one');
    await using two = await join('two');
    const client = spawn(hosts.on('desk')[0] ?? '', [
      ...hosts.on('desk').slice(1),
      PYTHON,
      '-c',
      SCRIPT,
      controller.clientFile,
    ]);
    let said = '';
    for (const stream of [client.stdout, client.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const says = (line: string) => expect.poll(() => said, { timeout: 40_000 }).toContain(line);
    const ended = once(client, 'exit');

    await says('ran on 2');
    hosts.cutOff('two');
    client.stdin.write('\n');
    await says('engines 1');
    await says('alone 1');
    hosts.putBack('two');
    client.stdin.write('\n');
    await says(`kept ['5', '5']`);
    await ended;
    expect(two.log).toContain('The controller had given this engine up');
    expect(one.log).not.toContain('given this engine up');
  });
});
