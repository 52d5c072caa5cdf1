// Builds the app's page, the portal, and the bundles of main and preload for Electron, into dist/. Skips what is built
// from the same inputs already.
import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';
import type { InlineConfig } from 'vite';
import { pageConfig } from '../vite.config.ts';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

// A test that builds sets `test`, and what is built is what is packaged: never React for developers.
process.env['NODE_ENV'] = 'production';

interface Target {
  readonly name: string;
  /** folders and files below the root that the bundle is made from */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly config: InlineConfig;
}

/** A bundle for Node or for Electron's sandboxed preload: packages stay outside, project sources go in. */
function nodeBundle(
  entry: string,
  outDir: string,
  format: 'es' | 'cjs',
  fileName: string,
  external: (id: string) => boolean,
): InlineConfig {
  return {
    configFile: false,
    root,
    publicDir: false,
    logLevel: 'warn',
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      sourcemap: true,
      rollupOptions: { external, output: { format, entryFileNames: fileName, codeSplitting: false } },
    },
    ssr: { noExternal: [/^@genrtl\//], target: 'node' },
  };
}

const isBuiltin = (id: string): boolean => id.startsWith('node:') || builtinModules.includes(id);
const isPackage = (id: string): boolean =>
  isBuiltin(id) || (!id.startsWith('.') && !path.isAbsolute(id) && !id.startsWith('@genrtl/'));

const MAIN_INPUTS = ['main', 'contracts', 'core', 'disk', 'eda', 'package-lock.json'];

/** Each worker thread of the main process is a bundle beside the main one (main/workers/worker-client.ts). */
const workers: readonly Target[] = globSync('main/**/*-worker.ts', { cwd: root })
  .sort()
  .map((entry) => {
    const name = path.basename(entry, '.ts');
    return {
      name,
      inputs: MAIN_INPUTS,
      output: `electron/${name}.mjs`,
      config: nodeBundle(entry, 'dist/electron', 'es', `${name}.mjs`, isPackage),
    };
  });

const targets: readonly Target[] = [
  {
    name: 'renderer',
    inputs: ['renderer', 'ui', 'contracts', 'core', 'vite.config.ts', 'scripts/build.ts', 'package-lock.json'],
    output: 'renderer/index.html',
    config: { ...pageConfig('renderer', '/'), configFile: false, logLevel: 'warn' },
  },
  {
    name: 'portal',
    inputs: ['portal', 'ui', 'contracts', 'core', 'vite.config.ts', 'scripts/build.ts', 'package-lock.json'],
    output: 'portal/index.html',
    config: { ...pageConfig('portal', '/portal/'), configFile: false, logLevel: 'warn' },
  },
  {
    name: 'electron main',
    inputs: MAIN_INPUTS,
    output: 'electron/main.mjs',
    config: nodeBundle('main/shells/electron/main.ts', 'dist/electron', 'es', 'main.mjs', isPackage),
  },
  {
    // Electron's sandbox loads CommonJS only, and nothing but `electron` from outside.
    name: 'preload',
    inputs: ['preload', 'contracts', 'package-lock.json'],
    output: 'electron/preload.cjs',
    config: nodeBundle(
      'preload/preload.ts',
      'dist/electron',
      'cjs',
      'preload.cjs',
      (id) => id === 'electron' || isBuiltin(id),
    ),
  },
  ...workers,
];

async function filesBelow(entry: string): Promise<string[]> {
  const absolute = path.join(root, entry);
  const found = await readdir(absolute, { recursive: true, withFileTypes: true }).catch(() => null);
  if (found === null) return [absolute];
  return found
    .filter(
      (item) =>
        item.isFile() && !/\.test\.tsx?$|[\\/](node_modules|fixtures)[\\/]/.test(path.join(item.parentPath, item.name)),
    )
    .map((item) => path.join(item.parentPath, item.name))
    .sort();
}

async function inputHash(target: Target): Promise<string> {
  const hash = createHash('sha256').update(await readFile(path.join(root, 'scripts/build.ts')));
  for (const entry of target.inputs) {
    for (const file of await filesBelow(entry))
      hash.update(`\n${path.relative(root, file)}\n`).update(await readFile(file).catch(() => ''));
  }
  return hash.digest('hex');
}

const PAGES = ['renderer', 'portal'];
const COMPRESSIBLE = /\.(js|css|html|json|svg|ttf|wasm)$/;

/** Web host and backend serve these as they are; compressing at request time would cost more than the page itself. */
async function precompress(folder: string): Promise<void> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile() && COMPRESSIBLE.test(entry.name),
  );
  await Promise.all(
    files.map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const bytes = await readFile(file);
      if (bytes.length < 1024) return;
      const [brotli, gzipped] = await Promise.all([
        promisify(brotliCompress)(bytes, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
        }),
        promisify(gzip)(bytes, { level: 9 }),
      ]);
      await Promise.all([writeFile(`${file}.br`, brotli), writeFile(`${file}.gz`, gzipped)]);
    }),
  );
}

async function buildTarget(target: Target): Promise<void> {
  const stamp = path.join(dist, `.${target.name.replaceAll(' ', '-')}.hash`);
  const hash = await inputHash(target);
  const known = await readFile(stamp, 'utf8').catch(() => '');
  if (known === hash && existsSync(path.join(dist, target.output))) {
    console.log(`build: ${target.name} is up to date`);
    return;
  }
  const began = performance.now();
  await rm(stamp, { force: true });
  await build(target.config);
  if (PAGES.includes(target.name)) await precompress(path.join(dist, target.name));
  await writeFile(stamp, hash);
  console.log(`build: ${target.name} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

await mkdir(dist, { recursive: true });
const wanted = process.argv.slice(2);
for (const target of targets) {
  if (wanted.length === 0 || wanted.includes(target.name)) await buildTarget(target);
}
