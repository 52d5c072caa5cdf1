// The files and their order as the project's own tool gives them: FuseSoC through its Python package, Bender through
// its executable, or a list of theirs that was recorded beside the project (`NAME.flist`, one file a line).
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OPTIONS = { maxBuffer: 64 * 1024 * 1024, timeout: 600_000 };

export interface TheirOrder {
  readonly tool: string;
  readonly files: readonly string[];
}

/** `skipped`: why there is nothing to compare with; `tool`: the one that is missing, null where none is known. */
export type Theirs = TheirOrder | { readonly skipped: string; readonly tool: string | null };

const FUSESOC_HELP =
  'Name a folder of checkouts with --fusesoc DIR or GENRTL_FUSESOC (olofk/fusesoc, olofk/edalize, enthought/sat-solver, ' +
  'enthought/okonomiyaki, cournape/zipfile2), or install the package fusesoc. Debian has what these need: apt-get install ' +
  'python3-yaml python3-fastjsonschema python3-jsonschema python3-attr python3-distro python3-six python3-pyparsing ' +
  'python3-argcomplete python3-jinja2. GENRTL_PYTHON names another Python.';

/** `sources`: a folder of checkouts of FuseSoC and what it needs; null: it is installed, or not there. */
export async function theirOrder(
  source: string,
  root: string,
  manifest: string,
  sources: string | null,
): Promise<Theirs> {
  const recorded = `${source}.flist`;
  if (existsSync(recorded)) return { tool: 'recorded list', files: lines(readFileSync(recorded, 'utf8'), root) };
  if (manifest.endsWith('.core')) return fusesocOrder(root, manifest, sources);
  if (!manifest.endsWith('Bender.yml')) return { skipped: 'no other tool knows this project', tool: null };
  const folder = path.join(root, path.dirname(manifest));
  return run('bender', ['-d', folder, 'script', 'flist', '-t', 'rtl'], OPTIONS).then(
    // `flist` repeats what two groups name; a project has it where it is named first, as Bender's own `all_files`
    ({ stdout }) => ({ tool: 'Bender', files: [...new Set(lines(stdout, root))] }),
    (error: unknown) => ({
      tool: 'bender',
      skipped: `Bender does not answer (${lastLine(error)}). Put it on PATH, or lay the list that it gives beside the project, as NAME.flist.`,
    }),
  );
}

async function fusesocOrder(root: string, manifest: string, sources: string | null): Promise<Theirs> {
  const script = path.join(import.meta.dirname, 'fusesoc-order.py');
  const own = process.env['GENRTL_PYTHON'];
  // a Python of the person's own does not see the packages of the system
  const pythons = own === undefined ? ['python3', '/usr/bin/python3'] : [own];
  const folders = sources === null ? [] : checkouts(sources);
  const env = {
    ...process.env,
    PYTHONPATH: [...folders, process.env['PYTHONPATH'] ?? ''].filter((one) => one !== '').join(path.delimiter),
  };
  let reason = '';
  for (const python of pythons) {
    const said = await run(python, [script, root, manifest, 'default'], { ...OPTIONS, env }).catch((error: unknown) => {
      reason = lastLine(error);
      return null;
    });
    if (said === null) continue;
    const files = JSON.parse(said.stdout) as string[] | null;
    return files === null
      ? { tool: null, skipped: 'FuseSoC itself does not read this core' }
      : { tool: 'FuseSoC', files: files.filter((file) => there(root, file)) };
  }
  return { tool: 'fusesoc', skipped: `FuseSoC does not answer (${reason}). ${FUSESOC_HELP}` };
}

/** Python sources: the folder, where it is a checkout, and those of its folders that are. */
function checkouts(folder: string): string[] {
  const absolute = path.resolve(folder);
  const inner = readdirSync(absolute).map((name) => path.join(absolute, name));
  return [absolute, ...inner].filter((one) =>
    ['setup.py', 'pyproject.toml'].some((file) => existsSync(path.join(one, file))),
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
