import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `npm ci`, unless node_modules is already what package-lock.json says. Uses nothing but Node. */
export function ensureInstalled() {
  install(root, 'Installing packages …');
}

/**
 * The same for `remote/`, whose packages (ZeroMQ with its prebuilt binaries) nobody needs who opens or serves
 * the notebook.
 */
export function ensureRemoteInstalled() {
  install(`${root}remote/`, 'Installing packages of remote/ …');
}

function install(folder, sentence) {
  const stamp = `${folder}node_modules/.tutti-installed`;
  const wanted = createHash('sha256')
    .update(readFileSync(`${folder}package-lock.json`))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log(sentence);
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  mkdirSync(`${folder}node_modules`, { recursive: true });
  writeFileSync(stamp, wanted);
}
