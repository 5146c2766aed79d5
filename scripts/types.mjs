// `npm run test:types`: the compiler written in native code checks every project, in a fifth of the time.
// TypeScript 6 stays beside it: the linter and the editor's type service need its JavaScript API.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROJECTS = ['tsconfig.pure.json', 'tsconfig.page.json', 'tsconfig.json', 'remote/tsconfig.json'];
const root = fileURLToPath(new URL('..', import.meta.url));
// By its path: both versions bring a command of the name `tsc`.
const compiler = `${root}node_modules/typescript-native/bin/tsc`;

const failed = PROJECTS.filter(
  (project) =>
    spawnSync(process.execPath, [compiler, '-p', project], { cwd: root, stdio: 'inherit' }).status !== 0,
);
process.exit(failed.length === 0 ? 0 : 1);
