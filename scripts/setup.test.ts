// scripts/setup started twice at once: one installs, the other waits, and both end well.
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';

const project = mkdtempSync(path.join(tmpdir(), 'genrtl-setup-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** npm as far as it matters: takes its time, removes what is there first, and complains when another one is at work. */
const NPM = `#!/bin/sh
[ "$1" = ci ] || { echo undefined; exit 0; }
mkdir "${project}/at-work" || { echo "two at once" >> "${project}/npm.log"; exit 1; }
rm -rf node_modules; sleep 0.4
mkdir -p node_modules/node/bin && printf '#!/bin/sh\\n' > node_modules/node/bin/node && chmod +x node_modules/node/bin/node
echo installed >> "${project}/npm.log"
# a daemon that outlives the installation must not hold the lock
sleep 30 >/dev/null 2>&1 &
rmdir "${project}/at-work"
`;

it('installs once', async () => {
  for (const folder of ['scripts', 'bin', 'resources']) mkdirSync(path.join(project, folder), { recursive: true });
  copyFileSync(path.join(import.meta.dirname, 'setup'), path.join(project, 'scripts/setup'));
  writeFileSync(path.join(project, 'package-lock.json'), '{}');
  for (const name of ['npm', 'apt-get', 'sudo']) {
    const file = path.join(project, 'bin', name);
    writeFileSync(file, name === 'npm' ? NPM : '#!/bin/sh\nexit 1\n');
    chmodSync(file, 0o755);
  }
  const run = (): Promise<number | null> =>
    new Promise((resolve) => {
      const env = { ...process.env, PATH: `${path.join(project, 'bin')}:${process.env['PATH'] ?? ''}` };
      spawn('bash', [path.join(project, 'scripts/setup')], { env, stdio: 'ignore' }).on('exit', resolve);
    });
  expect(await Promise.all([run(), run(), run()])).toEqual([0, 0, 0]);
  expect(readFileSync(path.join(project, 'npm.log'), 'utf8')).toBe('installed\n');
  expect(await run()).toBe(0);
});
