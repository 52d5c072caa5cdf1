// Everything that can be refused before a job exists: then nothing is written, bought or asked of a model.
import { stat } from 'node:fs/promises';
import { COMPOSER_MODEL, GenrtlError, isErrorCode, toolPlace, type JobSettings } from '@genrtl/contracts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { detectTool } from '@genrtl/eda/runner/index.ts';
import type { BackendClient } from '../cloud/backend-client.ts';
import { acceptanceTestFiles, testsWithoutFinish } from './benches.ts';
import { checkSpec } from '../workspace/check-spec.ts';
import { importSpecFile, type ImportedSpec } from '../workspace/spec-import.ts';

/** Throws SPEC_*, USAGE, TOOL_MISSING, MODEL_UNKNOWN. */
export async function preflight(
  settings: JobSettings,
  env: NodeJS.ProcessEnv,
  backend: () => Promise<BackendClient>,
): Promise<void> {
  const spec = await importSpecFile(settings.spec_path);
  await checkAcceptFolder(settings.accept_dir);
  await Promise.all([checkTool(settings.lint_tool, 'lint', env), checkTool(settings.sim_tool, 'simulate', env)]);
  const client = await backend();
  if (settings.model !== null && settings.model !== COMPOSER_MODEL) return;
  const { structured, diagnostics } = await checkSpec(spec.name, spec.markdown, async () =>
    (await client.searchCbbs('')).map((listing) => listing.manifest),
  );
  const [first] = diagnostics;
  if (first !== undefined) {
    throw new GenrtlError(
      first.code !== undefined && isErrorCode(first.code) ? first.code : 'SPEC_TABLE',
      `${spec.name}:${first.line ?? 1}: ${first.message}${shownLine(spec, first.line)}`,
      { details: { diagnostics, spec_notes: [...spec.notes] } },
    );
  }
  if (!structured) {
    // what has the sections of a structured specification is composed, whatever models there are, unless one is named
    if (settings.model === null && !(await onlyComposer(client))) return;
    throw new GenrtlError(
      'SPEC_NEEDS_MODEL',
      `${spec.name} is free text: it has no Top and Ports sections that the built-in composer understands.`,
      { details: { spec_notes: [...spec.notes] } },
    );
  }
}

/** Lines of a converted document are those of its text, which the person has not before their eyes. */
function shownLine({ markdown, source }: ImportedSpec, line: number | undefined): string {
  if (source.kind === 'text' || line === undefined) return '';
  const text = markdown.split('\n')[line - 1]?.trim() ?? '';
  return text === '' ? '' : ` (in the text that was read: “${text.slice(0, 120)}”)`;
}

async function onlyComposer(client: BackendClient): Promise<boolean> {
  return (await client.models()).some((view) => view.id === COMPOSER_MODEL && view.default_for.includes('plan'));
}

async function checkAcceptFolder(directory: string | null): Promise<void> {
  if (directory === null) return;
  const stats = await stat(directory).catch(() => null);
  if (!stats?.isDirectory()) throw new GenrtlError('USAGE', `There is no folder of acceptance tests at ${directory}.`);
  const tests = await acceptanceTestFiles(directory);
  if (tests.length === 0)
    throw new GenrtlError('USAGE', `The folder ${directory} holds no acceptance test.`, {
      hint: 'Each *.sv or *.v directly in the folder is one test; helpers lie in its folder include.',
    });
  const endless = await testsWithoutFinish(directory, tests);
  if (endless.length > 0)
    throw new GenrtlError(
      'USAGE',
      `The acceptance test ${endless.join(', ')} never calls $finish, so that it cannot pass.`,
      {
        hint: 'A test passes when it reaches $finish after a line that starts with PASS.',
      },
    );
}

async function checkTool(id: string, action: 'lint' | 'simulate', env: NodeJS.ProcessEnv): Promise<void> {
  const place = toolPlace(id, action);
  const adapter = place && adapterById(place.id);
  if (!adapter) throw new GenrtlError('USAGE', `${id} is no tool that genRTL knows.`);
  if (!adapter.actions.includes(action)) throw new GenrtlError('USAGE', `${adapter.title} cannot ${action}.`);
  // whether the backend has it, and a sandbox for it, the backend says
  if (place?.cloud === true) return;
  if ((await detectTool(adapter, env)) === null)
    throw new GenrtlError('TOOL_MISSING', `${adapter.title} is not installed.`);
}
