// A small, valid package manifest for tests; every field may be replaced.
import { CbbManifest } from '@genrtl/contracts';

export function manifest(over: Partial<CbbManifest> = {}): CbbManifest {
  return CbbManifest.parse({
    schema_version: 1,
    cbb_id: 'cbb_test',
    version: '1.0.0',
    title: 'Test block',
    function: 'test block',
    description: 'Holds words.',
    tags: ['test'],
    protocols: [],
    license: 'proprietary',
    price_usd: '0.50',
    toplevel: 'cbb_top',
    parameters: [{ name: 'WIDTH', type: 'int', default: '8', min: 1, max: 64, description: 'data width' }],
    ports: [
      { name: 'clk', direction: 'input', width: '1', role: 'clock', description: 'clock' },
      { name: 'rst_n', direction: 'input', width: '1', role: 'reset', description: 'reset' },
      { name: 'd', direction: 'input', width: 'WIDTH', role: 'data', description: 'word in' },
    ],
    clock_domains: [],
    resets: [],
    filesets: { rtl: [], tb: [] },
    include_dirs: [],
    entrypoints: { top: '', tb: '', filelist: '' },
    dependencies: [],
    compatibility: { tools: [], notes: '' },
    verification: { tools: [], tests: 1, mutants: { killed: 1, total: 1 }, coverage: '' },
    ...over,
  });
}
