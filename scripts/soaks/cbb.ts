// Re-verifies every package from scratch and publishes one through the command line, with the real gate on a real
// backend.
// Arguments: package ids (default: all) and `--cached`, which trusts evidence that is current.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILTIN_PACKAGES } from '@genrtl/backend/registry/catalog.ts';
import { verifyAll } from '@genrtl/backend/registry/verify-all.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export async function soak(args: readonly string[]): Promise<void> {
  const only = args.filter((arg) => !arg.startsWith('--'));
  const passed = await verifyAll({ only, force: !args.includes('--cached'), say: (line) => console.log(line) });
  if (!passed) throw new Error('a package does not pass the publishing gate');
  publishThroughTheCommandLine();
}

function publishThroughTheCommandLine(): void {
  const scratch = mkdtempSync(path.join(tmpdir(), 'genrtl-soak-cbb-'));
  try {
    const folder = path.join(scratch, 'cbb_edge_detect');
    cpSync(path.join(BUILTIN_PACKAGES, 'cbb_edge_detect'), folder, { recursive: true });
    const manifest = path.join(folder, 'manifest.json');
    writeFileSync(
      manifest,
      readFileSync(manifest, 'utf8').replace(/"version": "\d+\.\d+\.\d+"/, '"version": "99.0.0"'),
    );
    const publish = (): { status: string; code: number | null } => {
      const run = spawnSync(process.execPath, ['main/shells/cli/main.ts', '--json', 'cbb', 'publish', folder], {
        cwd: ROOT,
        encoding: 'utf8',
        env: { ...process.env, GENRTL_HOME: path.join(scratch, 'home') },
      });
      const last = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '{}') as { publication?: { status: string } };
      return { status: last.publication?.status ?? run.stdout + run.stderr, code: run.status };
    };
    for (const wanted of ['published', 'unchanged']) {
      const { status, code } = publish();
      if (status !== wanted || code !== 0)
        throw new Error(`cbb publish: ${wanted} expected, got ${status} (exit ${code})`);
      console.log(`cbb publish: ${status}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
