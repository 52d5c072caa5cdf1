// The bundle of one failing tool run: reads its folder, the sources, the packages and the waveform.
import { VENDOR_FOLDER } from '@genrtl/core/cbb/vendor-path.ts';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { Diagnostic, ToolRunRecord } from '@genrtl/contracts';
import type { CbbManifest, EvidenceBundle, Plan } from '@genrtl/contracts';
import { buildEvidence } from '@genrtl/core/evidence/index.ts';
import type { EvidenceInput, Seal } from '@genrtl/core/evidence/index.ts';
import { loadProject } from '../../project/load-project.ts';
import { readModelSources } from '../../project/model-sources.ts';
import { readJson } from '@genrtl/disk/records.ts';
import { knownSecrets } from '../../secrets/known-secrets.ts';
import { waveWindow } from './wave-window.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

/** Name of the waveform that a failing bench leaves in its run folder. */
const WAVES = 'waves.vcd';

export interface FailedRun {
  /** absolute path of the workspace */
  readonly root: string;
  readonly jobId: string;
  readonly stepId: string;
  /** absolute run folder of the failing run */
  readonly folder: string;
  readonly diagnostics: readonly Diagnostic[];
  /** run folder of the lint before a simulation, whose warnings are clues; null: none */
  readonly lintFolder: string | null;
  readonly top: Plan['top'];
  readonly packages: readonly CbbManifest[];
  readonly acceptDir: string | null;
  readonly seal: Seal;
  readonly env: NodeJS.ProcessEnv;
  readonly trace?: NonNullable<EvidenceInput['trace']>;
  readonly benchChanges?: readonly string[];
}

export async function bundleOf(run: FailedRun): Promise<EvidenceBundle> {
  const { root, diagnostics } = run;
  const project = await loadProject(root, run.env);
  const benches = new Set(project.tb.sources.map((source) => source.path));
  const [record, sources, clues] = await Promise.all([
    lastRecord(run.folder),
    readModelSources(project, run.acceptDir),
    lintFindings(run.lintFolder),
  ]);
  const vendor = await readVendorFiles(
    root,
    diagnostics.flatMap((each) => [each.file, ...(each.related ?? []).map((other) => other.file)]),
  );
  const command = record?.commands.at(-1);
  return buildEvidence({
    jobId: run.jobId,
    stepId: run.stepId,
    tool: record?.tool ?? diagnostics[0]?.tool ?? 'genrtl',
    toolVersion: record?.tool_version ?? '',
    cmd: command?.argv ?? [],
    exitCode: command?.exit_code ?? null,
    diagnostics,
    clues,
    sources,
    benches: sources.map((source) => source.path).filter((file) => benches.has(file)),
    ...(run.benchChanges === undefined ? {} : { benchChanges: run.benchChanges }),
    top: run.top.name,
    seal: run.seal,
    vendorSource: (file) => vendor.get(file) ?? null,
    installed: run.packages.map(({ cbb_id: id, version }) => `${id}@${version}`),
    packages: run.packages.map(({ toplevel, ports }) => ({
      module: toplevel,
      outputs: ports.filter(({ direction }) => direction !== 'input').map(({ name }) => name),
    })),
    redact: {
      secrets: knownSecrets(run.env),
      paths: [
        [`${root}/`, ''],
        [root, '.'],
        [homedir(), '~'],
      ],
    },
    ...(run.trace === undefined ? {} : { trace: run.trace }),
    waveform: (wish) => waveWindow(path.join(run.folder, WAVES), wish, namesOf(run.top)),
  });
}

/**
 * The record of the step's failing run; acceptance tests and comparisons each have a folder of their own, of which the
 * first failing one counts.
 */
async function lastRecord(folder: string): Promise<ToolRunRecord | null> {
  const own = await readJson(path.join(folder, 'tool.json'), ToolRunRecord);
  if (own !== null && own.verdict !== 'pass') return own;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const record = await readJson(path.join(folder, entry.name, 'tool.json'), ToolRunRecord);
    if (record !== null && record.verdict !== 'pass') return record;
  }
  return own;
}

/** A lint that passed may have warned of the very line that the simulation then trips over. */
async function lintFindings(folder: string | null): Promise<Diagnostic[]> {
  if (folder === null) return [];
  return (await readJson(path.join(folder, 'diagnostics.json'), z.array(Diagnostic)).catch(() => null)) ?? [];
}

async function readVendorFiles(root: string, files: readonly (string | undefined)[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const file of new Set(files)) {
    if (!file?.startsWith(`${VENDOR_FOLDER}/`) || file.split('/').includes('..')) continue;
    const text = await readRegular(path.join(root, file), 'utf8').catch(() => null);
    if (text !== null) texts.set(file, text);
  }
  return texts;
}

function namesOf(top: Plan['top']): { clocks: string[]; resets: string[]; ports: string[] } {
  const clocks = top.clocks.length > 0 ? top.clocks : ['clk', 'clock', 'aclk'];
  return { clocks, resets: top.resets.map((reset) => reset.name), ports: top.ports.map((port) => port.name) };
}
