// The content of the asar: bundles of the main process and its workers, preload, the page, and the packages that the
// bundle loads at run time.
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { importedPackages } from './compile-tree.ts';
import { copyPackages, packageClosure } from './package-closure.ts';

/** Makes `out` anew and returns the folders of node_modules in it. `scripts/build.ts` must have run. */
export async function stageDesktop(root: string, out: string): Promise<string[]> {
  await rm(out, { recursive: true, force: true });
  await mkdir(path.join(out, 'dist/electron'), { recursive: true });
  const packages = new Set<string>();
  const bundles = (await readdir(path.join(root, 'dist/electron')))
    .filter((file) => /\.[cm]js$/.test(file))
    .map((file) => path.join('dist/electron', file));
  for (const bundle of bundles) {
    const text = await readFile(path.join(root, bundle), 'utf8');
    for (const name of importedPackages(text)) packages.add(name);
    // the asar carries no source maps
    await writeFile(path.join(out, bundle), text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'));
  }
  await cp(path.join(root, 'dist/renderer'), path.join(out, 'dist/renderer'), {
    // the app:// protocol serves the plain files; only the web host needs the compressed ones
    recursive: true,
    filter: (file) => !/\.(br|gz)$/.test(file),
  });
  const { name, version, description, license } = JSON.parse(
    await readFile(path.join(root, 'package.json'), 'utf8'),
  ) as Record<string, string>;
  await writeFile(
    path.join(out, 'package.json'),
    `${JSON.stringify({ name, version, description, license, author: 'genRTL', private: true, type: 'module', main: 'dist/electron/main.mjs' }, null, 2)}\n`,
  );
  // Electron brings itself
  packages.delete('electron');
  const folders = packageClosure(root, packages);
  await copyPackages(root, folders, out);
  return folders;
}
