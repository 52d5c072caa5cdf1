// node scripts/package.ts [dir|AppImage|deb|dmg|nsis…]: builds, stages and packs the desktop app into dist/packages.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { stageDesktop } from './packaging/desktop-tree.ts';
import { pack } from './packaging/pack.ts';
import { stageServer } from './packaging/server-tree.ts';

const root = path.resolve(import.meta.dirname, '..');
execFileSync(process.execPath, [path.join(root, 'scripts/build.ts')], { stdio: 'inherit' });
const desktop = await stageDesktop(root, path.join(root, 'dist/desktop'));
console.log(`package: ${desktop.length} packages for the window`);
const server = await stageServer(root, path.join(root, 'dist/server'), { packages: true });
console.log(`package: ${server.sources.length} sources and ${server.packages.length} packages for the server`);
const electronDist = process.env['GENRTL_ELECTRON_DIST'];
for (const file of await pack({
  projectDir: root,
  targets: process.argv.slice(2),
  ...(electronDist === undefined ? {} : { electronDist }),
}))
  console.log(file);
