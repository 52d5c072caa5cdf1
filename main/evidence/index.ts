// Gathers the evidence of a job's failing step from its run folder, the workspace and the waveform, and writes evidence.json.
import { readdir, readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { ToolRunRecord } from '@genrtl/contracts';
import type { EvidenceBundle, Plan } from '@genrtl/contracts';
import { buildEvidence } from '@genrtl/core/evidence/index.ts';
import type { Seal } from '@genrtl/core/evidence/index.ts';
import { readPlan, readSpec } from '../agent/job-files.ts';
import { readModelSources } from '../agent/sources.ts';
import type { StepContext } from '../agent/step.ts';
import { installedPackages } from '../cbb/index.ts';
import { readJson, writeAtomic } from '../workspace/files.ts';
import { traceToSpec } from './trace.ts';
import { waveWindow } from './wave-window.ts';

/** Name of the waveform that a failing bench leaves in its run folder. */
const WAVES = 'waves.vcd';

/** Builds the bundle of `failedStep`, writes it to the run folder of the present step, and returns its JSON text. */
export async function collectEvidence(context: StepContext, failedStep: string): Promise<string> {
  const { root } = context.paths;
  const folder = context.paths.run(context.jobId, failedStep);
  const acceptance = failedStep.startsWith('acceptance');
  const plan = readPlan(context);
  const seal = await sealOf(root, context.settings.accept_dir, acceptance);
  const [record, sources, packages] = await Promise.all([
    lastRecord(folder), readModelSources(root, context.settings.accept_dir), installedPackages(root),
  ]);
  const diagnostics = context.facts.diagnostics ?? [];
  const vendor = await readVendorFiles(root, diagnostics.flatMap((each) => [each.file, ...(each.related ?? []).map((other) => other.file)]));
  const command = record?.commands.at(-1);
  const bundle: EvidenceBundle = await buildEvidence({
    jobId: context.jobId, stepId: failedStep,
    tool: record?.tool ?? diagnostics[0]?.tool ?? 'genrtl', toolVersion: record?.tool_version ?? '',
    cmd: command?.argv ?? [], exitCode: command?.exit_code ?? null,
    diagnostics, sources, top: plan.top.name, seal,
    vendorSource: (file) => vendor.get(file) ?? null,
    installed: packages.map(({ manifest }) => `${manifest.cbb_id}@${manifest.version}`),
    redact: { secrets: secretsOf(context.env), paths: [[`${root}/`, ''], [root, '.'], [homedir(), '~']] },
    trace: (failure) => traceToSpec(readSpec(context), context.facts.spec_name ?? 'spec.md', packages.map((each) => each.manifest), plan, failure),
    waveform: (wish) => waveWindow(path.join(folder, WAVES), wish, namesOf(plan)),
  });
  const text = `${JSON.stringify(bundle, null, 1)}\n`;
  await writeAtomic(path.join(context.runDir, 'evidence.json'), text);
  return text;
}

/** The record of the step's run; acceptance tests each have a folder of their own, of which the first failing one counts. */
async function lastRecord(folder: string): Promise<ToolRunRecord | null> {
  const own = await readJson(path.join(folder, 'tool.json'), ToolRunRecord);
  if (own !== null) return own;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const record = await readJson(path.join(folder, entry.name, 'tool.json'), ToolRunRecord);
    if (record !== null && record.verdict !== 'pass') return record;
  }
  return null;
}

async function sealOf(root: string, acceptDir: string | null, acceptance: boolean): Promise<Seal> {
  if (acceptDir === null) return { isSealed: () => false, folders: [], acceptance };
  const absolute = path.resolve(acceptDir);
  const folders = [...new Set([absolute, await realpath(absolute).catch(() => absolute)])];
  return {
    folders, acceptance,
    isSealed: (file) => {
      const target = path.resolve(root, file);
      return folders.some((folder) => target === folder || target.startsWith(folder + path.sep));
    },
  };
}

async function readVendorFiles(root: string, files: readonly (string | undefined)[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const file of new Set(files)) {
    if (!file?.startsWith('.genRTL/vendor/') || file.split('/').includes('..')) continue;
    const text = await readFile(path.join(root, file), 'utf8').catch(() => null);
    if (text !== null) texts.set(file, text);
  }
  return texts;
}

function namesOf(plan: Plan): { clocks: string[]; resets: string[]; ports: string[] } {
  const clocks = plan.top.clocks.length > 0 ? plan.top.clocks : ['clk', 'clock', 'aclk'];
  return { clocks, resets: plan.top.resets.map((reset) => reset.name), ports: plan.top.ports.map((port) => port.name) };
}

/** Values of environment variables whose names say that they are secret: they may stand in a tool's log. */
function secretsOf(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).filter(([name]) => /KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL/i.test(name))
    .map(([, value]) => value ?? '').filter((value) => value.length >= 8);
}
