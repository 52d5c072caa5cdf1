// Runs the publishing gate over the built-in packages: `node backend/registry/verify-all.ts [--force] [cbb_id …]`.
// Writes each package's evidence, its manifest's `verification`, and the table of docs/bench/cbb.md. Exit code 1 when
// one fails.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CbbEvidence, GenrtlError } from '@genrtl/contracts';
import type { CbbManifest } from '@genrtl/contracts';
import { createToolRunner, replaceFile } from '../tool-runner/index.ts';
import type { ToolRunner } from '../tool-runner/index.ts';
import { BUILTIN_PACKAGES } from './catalog.ts';
import { constraintFiles } from './crossing-constraints.ts';
import { benchTable } from './bench-table.ts';
import { gateTools, isCurrent, runGate } from './gate/index.ts';
import { manifestText, verifiedManifest } from './gate/verified-manifest.ts';
import { EVIDENCE_FILE, MANIFEST_FILE, readPackage } from './package-source.ts';

const BENCH_PAGE = join(import.meta.dirname, '../../docs/bench/cbb.md');
/** Where a gate that was stopped finds what it knows already. */
const KEPT_VERDICTS = join(import.meta.dirname, '../../.cache/gate');

export interface VerifiedPackage {
  readonly manifest: CbbManifest;
  readonly evidence: CbbEvidence;
  /** null when the evidence was current and nothing ran */
  readonly seconds: number | null;
}

/**
 * Verifies one folder, or takes its evidence when that is current, and writes what was measured back into the folder.
 */
export async function verifyPackage(
  folder: string,
  runner: ToolRunner,
  { force = false, onPart }: { force?: boolean; onPart?: (part: string) => void } = {},
): Promise<VerifiedPackage> {
  await writeConstraints(folder);
  const source = await readPackage(folder);
  const before = await readEvidence(folder);
  if (!force && before?.passed === true && isCurrent(before, source, await gateTools(runner))) {
    return { manifest: await recordVerification(folder, source.manifest, before), evidence: before, seconds: null };
  }
  const started = performance.now();
  const evidence = await runGate(folder, {
    runner,
    before: force ? null : before,
    ...(force ? {} : { keepIn: KEPT_VERDICTS }),
    ...(onPart === undefined ? {} : { onPart }),
  });
  await replaceFile(join(folder, EVIDENCE_FILE), `${JSON.stringify(evidence, null, 2)}\n`);
  const manifest = await recordVerification(folder, source.manifest, evidence);
  return { manifest, evidence, seconds: (performance.now() - started) / 1000 };
}

/** The constraint files of a package are made of its list of crossings. */
async function writeConstraints(folder: string): Promise<void> {
  for (const { path, text } of constraintFiles((await readPackage(folder)).manifest)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    if (text !== (await readFile(join(folder, path), 'utf8').catch(() => null)))
      await replaceFile(join(folder, path), text);
  }
}

async function recordVerification(folder: string, manifest: CbbManifest, evidence: CbbEvidence): Promise<CbbManifest> {
  const verified = verifiedManifest(manifest, evidence);
  const text = manifestText(verified);
  const path = join(folder, MANIFEST_FILE);
  if (evidence.passed && text !== (await readFile(path, 'utf8'))) await replaceFile(path, text);
  return evidence.passed ? verified : manifest;
}

async function readEvidence(folder: string): Promise<CbbEvidence | null> {
  try {
    return CbbEvidence.parse(JSON.parse(await readFile(join(folder, EVIDENCE_FILE), 'utf8')));
  } catch {
    // None, or of an older shape: the gate runs and writes a new one.
    return null;
  }
}

export interface VerifyAllOptions {
  /** these packages only; empty: all */
  readonly only?: readonly string[];
  /** also where the evidence is current */
  readonly force?: boolean;
  readonly say?: (line: string) => void;
}

/**
 * Verifies the built-in packages and writes the bench page. True when all pass; USAGE for a name that is no package.
 */
export async function verifyAll({
  only = [],
  force = false,
  say = () => undefined,
}: VerifyAllOptions = {}): Promise<boolean> {
  const entries = await readdir(BUILTIN_PACKAGES, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new GenrtlError('USAGE', `no such package: ${unknown.join(', ')}`);
  const runner = createToolRunner();
  const verified: VerifiedPackage[] = [];
  for (const name of names) {
    const folder = join(BUILTIN_PACKAGES, name);
    if (only.length > 0 && !only.includes(name)) {
      const evidence = await readEvidence(folder);
      if (evidence !== null) verified.push({ manifest: (await readPackage(folder)).manifest, evidence, seconds: null });
      continue;
    }
    const result = await verifyPackage(folder, runner, { force });
    verified.push(result);
    const { evidence, seconds } = result;
    say(
      `${evidence.passed ? 'pass' : 'FAIL'} ${basename(folder)} ${evidence.version}: ${evidence.mutants.killed}/${evidence.mutants.total} mutants, ${seconds === null ? 'evidence is current' : `${seconds.toFixed(1)} s`}`,
    );
    for (const check of evidence.checks) for (const finding of check.findings) say(`     ${check.name}: ${finding}`);
  }
  await replaceFile(BENCH_PAGE, benchTable(verified));
  return verified.every(({ evidence }) => evidence.passed);
}

async function main(args: readonly string[]): Promise<number> {
  const only = args.filter((arg) => !arg.startsWith('--'));
  return (await verifyAll({
    only,
    force: args.includes('--force'),
    say: (line) => void process.stdout.write(`${line}\n`),
  }))
    ? 0
    : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
