import { existsSync } from 'node:fs';
import { aptInstall, canAptInstall } from './debian.mjs';

/** Called by full path: a version manager's `ipcontroller` earlier in the PATH may be another version. */
const IPCONTROLLER = '/usr/bin/ipcontroller';

/** Sees to it that the tests with a real cluster can run, or says that they will not. */
export function ensureIpyparallel() {
  if (existsSync(IPCONTROLLER)) return;
  if (canAptInstall()) {
    console.log('Installing python3-ipyparallel …');
    try {
      aptInstall('python3-ipyparallel', 'python3-numpy');
    } catch (error) {
      console.log(String(error));
    }
    if (existsSync(IPCONTROLLER)) return;
  }
  console.log(
    "The tests with a real ipyparallel cluster are skipped: they need Debian's python3-ipyparallel " +
      '(run `apt-get install python3-ipyparallel`, or `npm test` as root on Debian).',
  );
}
