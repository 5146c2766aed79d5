import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'remote/**/*.test.ts'],
    typecheck: { enabled: false },
    // Fuzz tests and real clusters are long on a slow machine, never stuck.
    testTimeout: 120_000,
  },
});
