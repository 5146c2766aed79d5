import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, chromiumPath } from './scripts/browser.mjs';

const port = Number(process.env['E2E_PORT'] ?? 4179);
const executablePath = chromiumPath();

export default defineConfig({
  testDir: 'e2e',
  // Those have browsers and a configuration of their own.
  testIgnore: /[\\/]e2e[\\/]browsers[\\/]/,
  // A story mostly waits for its page; more than two and they wait for each other.
  workers: 2,
  // Story by story, so that both have work until the end.
  fullyParallel: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // A machine that stands still for a moment fails a story, not a change; what passes the second time is listed.
  retries: 1,
  reporter: [['list']],
  use: {
    baseURL: `http://localhost:${port}/`,
    // Each story would have its page keep all files of the app; those about that allow it.
    serviceWorkers: 'block',
    trace: 'on-first-retry',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: CHROMIUM_FLAGS,
    },
  },
  webServer: {
    command: `npx vite preview --port ${port} --strictPort`,
    url: `http://localhost:${port}/`,
    reuseExistingServer: false,
  },
});
