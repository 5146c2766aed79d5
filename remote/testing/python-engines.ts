import { spawn, type ChildProcess } from 'node:child_process';
import type { Ipcontroller } from './ipcontroller.ts';

const IPENGINE = '/usr/bin/ipengine';

/** Engines as ipyparallel installs them. They have ended when this has been disposed of. */
export class PythonEngines implements AsyncDisposable {
  readonly processes: readonly ChildProcess[];

  constructor(controller: Ipcontroller, n: number) {
    this.processes = Array.from({ length: n }, () =>
      spawn(IPENGINE, [`--file=${controller.engineFile}`, '--log-level=ERROR'], { stdio: 'ignore' }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.processes.map(
        (child) =>
          new Promise((resolve) => {
            child.once('exit', resolve);
            if (child.exitCode !== null || child.signalCode !== null) resolve(null);
            else child.kill('SIGTERM');
          }),
      ),
    );
  }
}
