import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{contracts,core,disk,eda,backend,main,preload,renderer,ui,scripts,test}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'test/browser/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxConcurrency: 3,
    // test files share a worker's loaded modules
    isolate: false,
    // one more than cores: the tests wait for processes and timers
    maxWorkers: 3,
    env: { ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' },
  },
});
