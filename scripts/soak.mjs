/* global gc */
// `npm run bench:soak`: a million tasks through hub and scheduler; the heap must be what it was after the first
// hundred thousand, within ten per cent.
import { createServer } from 'vite';

const TOTAL = 1_000_000;
const STEP = 100_000;

const vite = await createServer({
  configFile: false,
  optimizeDeps: { noDiscovery: true, include: [] },
  logLevel: 'error',
  // sift's main file is CommonJS, whose names Node does not find.
  ssr: { noExternal: ['sift'] },
  server: { middlewareMode: true, ws: false },
});
try {
  const { Soak } = await vite.ssrLoadModule('/src/testing/soak.ts');
  const soak = new Soak();
  let first = 0;
  let ratio = 1;
  for (let total = STEP; total <= TOTAL; total += STEP) {
    const from = performance.now();
    soak.runTo(total);
    const rate = (STEP / (performance.now() - from)) * 1000;
    gc();
    const heap = process.memoryUsage().heapUsed;
    first ||= heap;
    ratio = heap / first;
    const megabytes = (heap / 2 ** 20).toFixed(1);
    console.log(
      `${total.toLocaleString('en').padStart(9)} tasks  heap ${megabytes.padStart(6)} MiB  × ${ratio.toFixed(3)}  ` +
        `${Math.round(rate).toLocaleString('en')} per second`,
    );
  }
  soak.hub.validate();
  if (Math.abs(ratio - 1) > 0.1) {
    console.error('The heap is not what it was after the first hundred thousand tasks.');
    process.exitCode = 1;
  }
} finally {
  await vite.close();
}
