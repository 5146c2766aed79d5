import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'remote/**/*.test.ts'],
    typecheck: { enabled: false },
    // Fuzz tests and real clusters are long on a slow machine, never stuck.
    testTimeout: 120_000,
    // All cores: vitest leaves one free, which is half of what CI has.
    maxWorkers: '100%',
    // What is waited for comes; a second is little where two cores have much to do.
    expect: { poll: { timeout: 20_000 } },
  },
});
