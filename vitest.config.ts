import { defineConfig } from 'vitest/config';

const node = { environment: 'node', pool: 'forks' } as const;

/**
 * Three projects by what a test needs. `unit` needs nothing but the code; `integration` runs real databases and
 * processes; `e2e` drives a real browser against the whole product, each file with a service and laptops of its own.
 */
export default defineConfig({
  test: {
    // Two cores in CI; more only makes real databases and browsers wait for each other.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          ...node,
          name: 'unit',
          // Property tests compute for a second or two, on a busy machine for longer.
          testTimeout: 60_000,
          include: ['{shared,platform,resources,renderer,electron/{main,policy,preload}}/**/*.test.{ts,tsx}'],
        },
      },
      {
        extends: true,
        test: {
          ...node,
          name: 'integration',
          include: ['{electron/core,server,tools,bench,infra}/**/*.test.ts'],
          // A guard against hanging, not a figure: shared machines are slow at times.
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // Real processes in real time: one late answer on a shared machine is no verdict. Vitest says what it repeated.
          retry: process.env.CI ? 1 : 0,
        },
      },
      {
        extends: true,
        test: {
          ...node,
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: 'e2e/support/buildScreens.ts',
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
