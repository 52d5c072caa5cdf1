// The whole package with its Node and PostgreSQL, which is too large for every test run: packed to a folder, then a job
// from a specification to done by the packed command line, with nothing of the checkout on its path.
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { JobResult } from '@genrtl/contracts';
import { ROOT, tempDir } from '../../test/e2e/harness.ts';
import { stageDesktop } from '../packaging/desktop-tree.ts';
import { stubElectron } from '../packaging/fakes/stub-electron.ts';
import { pack } from '../packaging/pack.ts';
import { stageServer } from '../packaging/server-tree.ts';
import { removeHomeAt } from '../../backend/test/database.ts';

export async function soak(): Promise<void> {
  const project = tempDir('package');
  // as root, PostgreSQL runs as a user of its own and must be able to reach its binaries
  chmodSync(project, 0o755);
  const home = path.join(project, 'home');
  try {
    execFileSync(process.execPath, [path.join(ROOT, 'scripts/build.ts')], { stdio: 'inherit' });
    await stubElectron(path.join(project, 'electron'));
    await stageDesktop(ROOT, path.join(project, 'dist/desktop'));
    await stageServer(ROOT, path.join(project, 'dist/server'), { packages: true });
    mkdirSync(path.join(project, 'resources'));
    symlinkSync(path.join(ROOT, 'resources/icons'), path.join(project, 'resources/icons'));
    for (const name of ['electron-builder.yml', 'package.json'])
      cpSync(path.join(ROOT, name), path.join(project, name));
    await pack({ projectDir: project, targets: ['dir'], electronDist: path.join(project, 'electron') });

    const server = path.join(project, 'dist/packages/linux-unpacked/resources/server');
    const { stdout } = await promisify(execFile)(
      path.join(server, 'bin/genrtl'),
      [
        'run',
        '--json',
        '--yes',
        '--spec',
        path.join(server, 'resources/samples/press-counter/spec.md'),
        '--workspace',
        path.join(project, 'workspace'),
      ],
      {
        cwd: project,
        env: { PATH: '/usr/bin:/bin', HOME: home, GENRTL_HOME: home, LANG: 'en_US.UTF-8' },
        maxBuffer: 64e6,
        timeout: 180_000,
      },
    );
    const result = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as JobResult;
    if (result.status !== 'done')
      throw new Error(`the packed command line ended its job as ${result.status}: ${JSON.stringify(result.error)}`);
  } finally {
    rmSync(project, { recursive: true, force: true });
    removeHomeAt(home);
  }
}
