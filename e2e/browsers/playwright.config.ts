import { defineConfig } from '@playwright/test';
import type { BrowserKind, BrowserOptions } from './story.ts';

const port = Number(process.env['E2E_PORT'] ?? 4189);
/** What `e2e/hostile.spec.ts` does in Chromium; heavy and hostile notebooks get the machine for themselves. */
const hostile = process.env['HOSTILE'] === 'all';
const KINDS: readonly BrowserKind[] = [
  'chromium',
  'firefox',
  'webkit with shared memory',
  'webkit without shared memory',
];

/** The same stories in each browser; `npm run test:browsers` installs them first. */
export default defineConfig<object, BrowserOptions>({
  testDir: '.',
  testMatch: hostile ? 'hostile.spec.ts' : 'browsers.spec.ts',
  outputDir: '../../test-results',
  workers: hostile ? 1 : 2,
  timeout: hostile ? 120_000 : 90_000,
  expect: { timeout: 20_000 },
  retries: 1,
  reporter: [['list']],
  use: { baseURL: `http://localhost:${String(port)}/` },
  projects: KINDS.filter((kind) => !hostile || kind !== 'chromium').map((kind) => ({
    name: kind,
    use: { kind },
  })),
  webServer: {
    command: `npx vite preview --port ${String(port)} --strictPort`,
    cwd: '../..',
    url: `http://localhost:${String(port)}/`,
    reuseExistingServer: process.env['E2E_PORT'] !== undefined,
  },
});
