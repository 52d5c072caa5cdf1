// node scripts/stage-server.ts DIR: the tree of the packaged server alone, as images are built from it. The page must
// have been built (scripts/build.ts).
import path from 'node:path';
import { stageServer } from './packaging/server-tree.ts';

const [out] = process.argv.slice(2);
if (out === undefined) {
  console.error('usage: node scripts/stage-server.ts DIR');
  process.exit(2);
}
const root = path.resolve(import.meta.dirname, '..');
const server = await stageServer(root, path.resolve(out), { packages: true });
console.log(`staged ${server.sources.length} sources and ${server.packages.length} packages`);
