// `npm run soak:kills [-- <how many> <seed>]`: the page is ended two hundred times at random moments; nothing may be lost.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [kills = '200', seed = '1'] = process.argv.slice(2);
const { status } = spawnSync('npx', ['playwright', 'test', 'e2e/kills.spec.ts', '--retries=0'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, KILLS: kills, KILLS_SEED: seed },
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exit(status ?? 1);
