// Skills as assets: finds skill folders and reads one whole, with every fault named by file and line.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { GenrtlError, type Diagnostic } from '@genrtl/contracts';
import { MetricsFile, SkillContract, SkillName, type MetricSpec } from '@genrtl/contracts/skill-contract.ts';
import { INSTALLATION } from '../installation/installation.ts';
import { sha256 } from '@genrtl/disk/records.ts';
import { checkContract, checkMetrics, type ContractFinding } from './contract-check.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

/** The skills that genRTL ships. */
export const SHIPPED_SKILLS = path.join(INSTALLATION.root, 'resources/skills');
/** resources/tcl: queue_processor.tcl and session_guard.sh */
export const TCL_RESOURCES = path.join(INSTALLATION.root, 'resources/tcl');

/**
 * `workspace`: below a folder that nobody but the workspace itself named. `site`: a person or site named its folder.
 */
export type SkillOrigin = 'shipped' | 'site' | 'workspace';

export interface SkillFolder {
  readonly folder: string;
  readonly origin: SkillOrigin;
}

const YAML_LIMIT_BYTES = 256 * 1024;

export interface Skill {
  readonly folder: string;
  readonly contract: SkillContract;
  readonly metrics: readonly MetricSpec[];
  readonly template: string;
  /** sha256 by path inside the folder of contract, metrics and template */
  readonly files: Readonly<Record<string, string>>;
}

export interface SkillReading {
  readonly skill: Skill | null;
  readonly diagnostics: readonly Diagnostic[];
}

function lineOf(document: Document, lines: LineCounter, place: readonly (string | number)[]): number {
  for (let length = place.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(place.slice(0, length), true);
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return lines.linePos(range[0]).line;
  }
  return 1;
}

function finding(file: string, line: number, message: string): Diagnostic {
  return { tool: 'genrtl', severity: 'error', code: 'CONTRACT_INVALID', message, file, line };
}

interface YamlReading<T> {
  readonly value: T | null;
  report(findings: readonly ContractFinding[]): Diagnostic[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The file's text, or null when there is none. */
async function textOf(folder: string, name: string): Promise<string | null> {
  const bytes = await readRegular(path.join(folder, name)).catch(() => null);
  // one byte over the limit is enough to be refused
  return bytes === null ? null : bytes.subarray(0, YAML_LIMIT_BYTES + 1).toString('utf8');
}

function parseYaml<S extends z.ZodType>(text: string | null, name: string, schema: S): YamlReading<z.infer<S>> {
  const none = { value: null, report: () => [] };
  if (text === null) return { ...none, diagnostics: [finding(name, 1, `${name} is missing`)] };
  if (text.length > YAML_LIMIT_BYTES)
    return { ...none, diagnostics: [finding(name, 1, `${name} is larger than 256 KiB`)] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const report = (findings: readonly ContractFinding[]): Diagnostic[] =>
    findings.map((each) => finding(name, lineOf(document, lines, each.path), each.message));
  if (document.errors.length > 0) {
    return {
      ...none,
      diagnostics: document.errors.map((error) =>
        finding(name, lines.linePos(error.pos[0]).line, error.message.split('\n')[0] ?? error.code),
      ),
    };
  }
  let content: unknown;
  try {
    // bounds what a file of nested aliases can expand to
    content = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    return { ...none, diagnostics: [finding(name, 1, (error as Error).message)] };
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return { value: parsed.data, report, diagnostics: [] };
  const issues = parsed.error.issues.map((issue) => ({
    path: issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
    message: `${issue.path.join('.') || name}: ${issue.message}`,
  }));
  return { value: null, report, diagnostics: report(issues) };
}

interface Declaration {
  readonly contract: YamlReading<SkillContract>;
  readonly metrics: readonly MetricSpec[] | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly files: Readonly<Record<string, string>>;
}

function declare(contractText: string | null, metricsText: string | null): Declaration {
  const contract = parseYaml(contractText, 'contract.yaml', SkillContract);
  const metrics = parseYaml(metricsText, 'metrics.yaml', MetricsFile);
  const diagnostics = [...contract.diagnostics, ...metrics.diagnostics];
  if (contract.value) {
    diagnostics.push(...contract.report(checkContract(contract.value)));
    if (metrics.value) diagnostics.push(...metrics.report(checkMetrics(metrics.value.metrics, contract.value)));
  }
  return {
    contract,
    metrics: metrics.value?.metrics ?? null,
    diagnostics,
    files: { 'contract.yaml': sha256(contractText ?? ''), 'metrics.yaml': sha256(metricsText ?? '') },
  };
}

/**
 * Parsing and checking take some 15 ms; a batch runs the same skill hundreds of times. Keyed by content, oldest out
 * first.
 */
const declarations = new Map<string, Declaration>();
const MAX_DECLARATIONS = 64;

function declarationOf(contractText: string | null, metricsText: string | null): Declaration {
  const key = sha256(
    `${contractText === null ? 'none' : sha256(contractText)} ${metricsText === null ? 'none' : sha256(metricsText)}`,
  );
  const known = declarations.get(key);
  if (known) return known;
  const declaration = declare(contractText, metricsText);
  const [oldest] = declarations.keys();
  if (declarations.size >= MAX_DECLARATIONS && oldest !== undefined) declarations.delete(oldest);
  declarations.set(key, declaration);
  return declaration;
}

/**
 * Reads and checks one skill folder; `skill` is null exactly when there are error diagnostics. Contract and metrics are
 * shared: not to be changed.
 */
export async function readSkill(folder: string): Promise<SkillReading> {
  const {
    contract,
    metrics,
    diagnostics: faults,
    files,
  } = declarationOf(await textOf(folder, 'contract.yaml'), await textOf(folder, 'metrics.yaml'));
  const diagnostics = [...faults];
  let template: string | null = null;
  if (contract.value) {
    template = await readRegular(path.join(folder, contract.value.template), 'utf8').catch(() => null);
    if (template === null)
      diagnostics.push(...contract.report([{ path: ['template'], message: `${contract.value.template} is missing` }]));
    if (contract.value.name !== path.basename(path.resolve(folder))) {
      diagnostics.push(
        ...contract.report([
          { path: ['name'], message: `the skill '${contract.value.name}' must lie in a folder of that name` },
        ]),
      );
    }
  }
  if (diagnostics.length > 0 || !contract.value || metrics === null || template === null)
    return { skill: null, diagnostics };
  return {
    skill: {
      folder: path.resolve(folder),
      contract: contract.value,
      metrics,
      template,
      files: { ...files, [contract.value.template]: sha256(template) },
    },
    diagnostics,
  };
}

export interface SkillListing extends SkillFolder {
  readonly name: string;
  readonly skill: Skill | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Every skill below the folders, earlier folders first; a name that was seen already is hidden by the first. */
export async function listSkillFolders(folders: readonly SkillFolder[]): Promise<SkillListing[]> {
  const found = new Map<string, SkillListing>();
  for (const { folder: root, origin } of folders) {
    const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!entry.isDirectory() || !SkillName.safeParse(entry.name).success || found.has(entry.name)) continue;
      const folder = path.join(root, entry.name);
      found.set(entry.name, { name: entry.name, folder, origin, ...(await readSkill(folder)) });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The folder of a skill by name, or of a path to one, which a person named. Throws SKILL_NOT_FOUND. */
export async function findSkillFolder(nameOrPath: string, folders: readonly SkillFolder[]): Promise<SkillFolder> {
  const places: readonly SkillFolder[] = nameOrPath.includes('/')
    ? [{ folder: path.resolve(nameOrPath), origin: 'site' }]
    : folders.map(({ folder, origin }) => ({ folder: path.join(folder, nameOrPath), origin }));
  for (const place of places) {
    const entries = await readdir(place.folder).catch(() => null);
    if (entries !== null) return place;
  }
  throw new GenrtlError(
    'SKILL_NOT_FOUND',
    `No skill '${nameOrPath}' in ${folders.map(({ folder }) => folder).join(', ')}.`,
  );
}
