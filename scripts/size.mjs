// `npm run size`: what a reader downloads, gzipped, against its budget.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));

/** In kB gzip. `first` is what stands between the link and the first paint. */
const BUDGETS = [
  { name: 'first load (page script and style, no editor)', kB: 252, files: firstLoad() },
  { name: 'frame', kB: 60, files: match('runtime', /^frame-/) },
  { name: 'kernel worker', kB: 222, files: match('runtime', /^kernel-/) },
  { name: 'engine worker', kB: 169, files: match('runtime', /^engine-/) },
  { name: 'joining a cluster: the link (only when joined)', kB: 60, files: match('runtime', /^cluster-/) },
  {
    name: 'the interpreter of schemes (only with a scheme of one’s own)',
    kB: 400,
    files: match('runtime', /^schemes-/),
  },
  { name: 'library plot', kB: 260, files: match('runtime/libs', /^plot-/) },
  { name: 'library d3', kB: 180, files: match('runtime/libs', /^d3-/) },
];

let over = false;
for (const { name, kB, files } of BUDGETS) {
  const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(`${dist}${file}`)).length, 0) / 1000;
  const verdict = files.length === 0 ? 'MISSING' : size > kB ? 'OVER' : 'ok';
  if (verdict !== 'ok') over = true;
  console.log(`${verdict.padEnd(8)}${size.toFixed(1).padStart(8)} of ${String(kB).padStart(4)} kB  ${name}`);
}
process.exit(over ? 1 : 0);

/** What index.html itself names; everything else is loaded later. */
function firstLoad() {
  const html = readFileSync(`${dist}index.html`, 'utf8');
  return [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file);
}

function match(folder, pattern) {
  return readdirSync(`${dist}${folder}`)
    .filter((file) => pattern.test(file))
    .map((file) => `${folder}/${file}`);
}
