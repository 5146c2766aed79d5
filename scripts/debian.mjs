import { execFileSync, spawnSync } from 'node:child_process';

let updated = false;

/** Whether `aptInstall` may be tried: Debian or a child of it, and we are root. */
export const canAptInstall = () => process.getuid?.() === 0 && has('apt-get');

/** Installs packages of the system, without their recommendations. Throws when apt does. */
export function aptInstall(...packages) {
  if (!updated) run('apt-get', ['update', '-qq']);
  updated = true;
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

export const run = (command, args) =>
  execFileSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });

/** Whether there is such a command. */
export const has = (command) => spawnSync('which', [command]).status === 0;
