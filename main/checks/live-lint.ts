// The project's linter on texts that are not saved: the run reads copies of them in a folder of its own, everything
// else from the workspace, which it cannot write.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { Diagnostic, LiveLint, ToolVerdict } from '@genrtl/contracts';
import type { LintCheck } from '@genrtl/core/project/checks.ts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { assertVendorIntact, collectFilelists } from '../cbb/index.ts';
import type { CompileInput } from '../cbb/index.ts';
import { readSettings } from '../project/effective.ts';
import { confineSession } from '../settings/confinement.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { checksOf, chosenTools } from './project-checks.ts';
import { runCheck } from './run-check.ts';
import { verdictError } from './verdict-error.ts';

export interface TypedLint {
  /** real path of the workspace */
  readonly root: string;
  /** the file that is being typed, relative to it */
  readonly file: string;
  readonly texts: readonly { readonly path: string; readonly text: string }[];
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const MAX_FINDINGS = 500;
/** What takes longer is no help while typing, and is said. */
const TIMEOUT_MS = 20_000;
const HEADER = /\.(?:svh|vh)$/i;

/**
 * Throws CANCELLED, NOT_FOUND for a file of no list, TOOL_MISSING, TOOL_TIMEOUT, TOOL_FAILED, PROJECT_INVALID,
 * VENDOR_DAMAGED, CONFINEMENT_UNAVAILABLE.
 */
export async function lintTyped({ root, file, texts, env, signal }: TypedLint): Promise<LiveLint> {
  const stopIfAsked = (): void => {
    if (signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled.');
  };
  const lists = await collectFilelists(root, env);
  stopIfAsked();
  const check = await lintOf(lists, file, env);
  const adapter = adapterById(check.tool);
  if (adapter === undefined) throw new GenrtlError('TOOL_MISSING', `There is no adapter for ${check.tool}.`);
  await assertVendorIntact(root);
  const confinement = await confineSession(env, root, existsSync(workspacePaths(root).state), false);
  stopIfAsked();
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'genrtl-typed-')));
  try {
    const typed = path.join(folder, 'typed');
    for (const each of texts) {
      const copy = path.join(typed, each.path);
      await mkdir(path.dirname(copy), { recursive: true });
      await writeFile(copy, each.text);
    }
    const placed = atTheirPlace(typed);
    let said: { readonly verdict: ToolVerdict; readonly durationMs: number } | null = null;
    const result = await runCheck({
      root,
      lists: withTexts(lists, check.of, typed, new Set(texts.map((each) => each.path))),
      check,
      runDir: path.join(folder, 'run'),
      env,
      signal,
      confinement: { ...confinement, workspace: 'read', readable: [...(confinement.readable ?? []), typed] },
      timeoutMs: TIMEOUT_MS,
      placed,
      onRun: async (_folder, { verdict, record }) => {
        said = { verdict, durationMs: record.duration_ms };
      },
    });
    stopIfAsked();
    const { verdict, durationMs } = said ?? { verdict: 'crashed' as const, durationMs: 0 };
    const trouble = verdictError(adapter.title, verdict, durationMs);
    if (trouble !== null) throw trouble;
    const findings = result.diagnostics.filter(({ tool }) => tool === check.tool).map(placed);
    return {
      tool: check.tool,
      title: adapter.title,
      findings: findings.slice(0, MAX_FINDINGS),
      cut: Math.max(0, findings.length - MAX_FINDINGS),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The project's first lint check, for a testbench with that as its top. Throws NOT_FOUND. */
async function lintOf(
  lists: CompileInput,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<LintCheck & { readonly of: 'rtl' | 'bench' }> {
  const { project } = lists;
  const inRtl = lists.rtl.includes(file) || project.headers.includes(file) || HEADER.test(file);
  if (!inRtl && !lists.tb.includes(file))
    throw new GenrtlError('NOT_FOUND', `${file} is in none of the project's file lists.`);
  const planned = (await checksOf(lists, env)).find((check) => check.kind === 'lint');
  const check: LintCheck = planned ?? {
    kind: 'lint',
    name: 'lint',
    tool: chosenTools(lists, await readSettings(env, project.root)).lint,
    top: null,
    failOn: 'error',
    waivers: [],
    timeoutMs: null,
  };
  const common = { ...check, timeoutMs: TIMEOUT_MS };
  if (inRtl) return { ...common, of: 'rtl' };
  const bench = project.units.findLast((unit) => unit.file === file)?.name ?? null;
  return { ...common, top: bench, of: 'bench' };
}

/** The lists with the copies in place of the sources. A folder of headers is searched after its copies. */
function withTexts(lists: CompileInput, of: 'rtl' | 'bench', typed: string, texts: ReadonlySet<string>): CompileInput {
  const copyOf = (source: string): string => (texts.has(source) ? path.join(typed, source) : source);
  const folders = new Set([...texts].map((file) => path.posix.dirname(file)));
  const sources = of === 'rtl' ? lists.rtl : [...lists.rtl, ...lists.tb];
  return {
    ...lists,
    rtl: sources.map(copyOf),
    tb: [],
    defines: of === 'rtl' ? lists.defines : lists.benchDefines,
    libraries: Object.fromEntries(
      Object.entries(lists.libraries).map(([source, library]) => [copyOf(source), library] as const),
    ),
    includeDirs: [
      ...lists.includeDirs.flatMap((folder) => (folders.has(folder) ? [path.join(typed, folder), folder] : [folder])),
      // what a text includes from beside itself
      ...[...folders]
        .filter((folder) => !lists.includeDirs.includes(folder))
        .flatMap((folder) => [path.join(typed, folder), folder]),
    ],
  };
}

/** A finding in a copy is one of its source. */
function atTheirPlace(typed: string): (found: Diagnostic) => Diagnostic {
  const prefix = typed + path.sep;
  const plain = (text: string): string => text.replaceAll(prefix, '');
  return (found) => ({
    ...found,
    message: plain(found.message),
    ...(found.file === undefined ? {} : { file: plain(found.file) }),
    ...(found.related === undefined
      ? {}
      : { related: found.related.map((each) => ({ ...each, file: plain(each.file), message: plain(each.message) })) }),
  });
}
