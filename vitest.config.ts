import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** Files that start processes take longest: begun first, none of them is what all wait for at the end. */
class ProcessesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const first = sorted.filter(({ moduleId }) => /\/(?:test|processes|jobs|packaging)\//.test(moduleId));
    return [...first, ...sorted.filter((file) => !first.includes(file))];
  }
}

export default defineConfig({
  test: {
    include: ['{contracts,core,disk,eda,backend,main,preload,renderer,portal,ui,scripts,test}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'test/browser/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxConcurrency: 3,
    // test files share a worker's loaded modules
    isolate: false,
    // one more than cores: the tests wait for processes and timers
    maxWorkers: 3,
    sequence: { sequencer: ProcessesFirst },
    env: { ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' },
  },
});
