// The files and their order as the project's own tool gives them: FuseSoC through its Python package, Bender through
// its executable, or a list of theirs that was recorded beside the project (`NAME.flist`, one file a line).
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OPTIONS = { maxBuffer: 64 * 1024 * 1024, timeout: 600_000 };

export interface TheirOrder {
  readonly tool: string;
  readonly files: readonly string[];
}

/** `skipped`: why there is nothing to compare with. */
export async function theirOrder(
  source: string,
  root: string,
  manifest: string,
): Promise<TheirOrder | { readonly skipped: string }> {
  const recorded = `${source}.flist`;
  if (existsSync(recorded)) return { tool: 'recorded list', files: lines(readFileSync(recorded, 'utf8'), root) };
  if (manifest.endsWith('.core')) {
    const script = path.join(import.meta.dirname, 'fusesoc-order.py');
    const python = process.env['GENRTL_PYTHON'] ?? 'python3';
    return run(python, [script, root, manifest, 'default'], OPTIONS).then(
      ({ stdout }) => ({
        tool: 'FuseSoC',
        files: (JSON.parse(stdout) as string[]).filter((file) => there(root, file)),
      }),
      (error: unknown) => ({ skipped: `FuseSoC does not answer (${lastLine(error)})` }),
    );
  }
  if (!manifest.endsWith('Bender.yml')) return { skipped: 'no other tool knows this project' };
  const folder = path.join(root, path.dirname(manifest));
  return run('bender', ['-d', folder, 'script', 'flist', '-t', 'rtl'], OPTIONS).then(
    ({ stdout }) => ({ tool: 'Bender', files: lines(stdout, root) }),
    (error: unknown) => ({ skipped: `Bender does not answer (${lastLine(error)})` }),
  );
}

const there = (root: string, file: string): boolean => existsSync(path.join(root, file));

const lines = (text: string, root: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (path.isAbsolute(line) ? path.relative(root, line) : line))
    .filter((file) => there(root, file));

const lastLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).trim().split('\n').at(-1)?.slice(0, 200) ?? '';
