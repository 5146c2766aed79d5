import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'remote/**/*.test.ts'],
    typecheck: { enabled: false },
    // The fuzz tests are long on a slow machine, never stuck.
    testTimeout: 30_000,
  },
});
