// What can be said of a package without running a tool: its files, and a manifest that agrees with itself.
import { GenrtlError, parseUsd } from '@genrtl/contracts';
import type { CbbManifest } from '@genrtl/contracts';
import { defaultValue, valueFault } from '@genrtl/core/cbb/parameters.ts';
import { nameOf } from '@genrtl/core/cbb/package-id.ts';
import { constraintFiles, registerOf } from '../crossing-constraints.ts';
import { MANIFEST_FILE } from '../package-source.ts';
import type { PackageSource } from '../package-source.ts';
import { checked } from './findings.ts';
import type { Check } from './findings.ts';
import { PARAMETER_SETS_FILE } from './parameter-sets.ts';

const README = 'README.md';
const SIM_SCRIPT = 'scripts/sim.sh';
const LINT_SCRIPT = 'scripts/lint.sh';
/** What the README has to show, and how it is recognised. */
const README_PARTS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a Mermaid block diagram', /^```mermaid$/m],
  ['a WaveJSON timing diagram', /^```wavejson$/m],
  ['a section on parameters', /^## Parameters$/m],
  ['a section on ports', /^## Ports$/m],
  ['integration notes', /^## Integration$/m],
];

/** Every file that the manifest names exists, and every file is one that a package may have. */
export function checkFiles(source: PackageSource): Check {
  const { manifest, files } = source;
  const present = new Set(files.map(({ path }) => path));
  const named = [...manifest.filesets.rtl, ...manifest.filesets.tb, manifest.entrypoints.filelist];
  const constraints = constraintFiles(manifest);
  const allowed = new Set([
    ...named,
    ...constraints.map(({ path }) => path),
    MANIFEST_FILE,
    README,
    SIM_SCRIPT,
    LINT_SCRIPT,
    PARAMETER_SETS_FILE,
  ]);
  const findings: string[] = [];
  for (const path of allowed) {
    if (!present.has(path)) findings.push(`${path} is missing`);
  }
  for (const path of present) {
    const included = manifest.include_dirs.some((dir) => path.startsWith(`${dir}/`));
    const benchData = /^tb\/[\w-]+\.hex$/.test(path);
    if (!allowed.has(path) && !included && !benchData) findings.push(`${path} belongs to no fileset`);
  }
  const text = (path: string): string => files.find((file) => file.path === path)?.bytes.toString('utf8') ?? '';
  const listed = text(manifest.entrypoints.filelist)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (listed.join('\n') !== manifest.filesets.rtl.join('\n'))
    findings.push(`${manifest.entrypoints.filelist} does not list the RTL fileset in its order`);
  for (const { path } of constraints) {
    for (const into of new Set((manifest.crossings ?? []).map((crossing) => registerOf(crossing.into)))) {
      if (present.has(path) && !text(path).includes(into)) findings.push(`${path} says nothing of ${into}`);
    }
  }
  for (const [what, pattern] of README_PARTS) {
    if (!pattern.test(text(README))) findings.push(`${README} has no ${what.replace(/^an? /, '')}`);
  }
  for (const diagram of text(README).matchAll(/^```wavejson\n([\s\S]*?)^```$/gm)) {
    if (!isWaveJson(diagram[1] ?? '')) findings.push(`a WaveJSON diagram of ${README} cannot be read`);
  }
  for (const { name } of [...manifest.parameters, ...manifest.ports]) {
    if (!text(README).includes(`\`${name}\``)) findings.push(`${README} does not mention \`${name}\``);
  }
  return checked('files', findings);
}

/** Names are unique, defaults lie in their ranges, roles fit clock domains and resets, the price is an amount. */
export function checkManifest(source: PackageSource, folder: string): Check {
  const { manifest } = source;
  const findings: string[] = [];
  if (nameOf(manifest.cbb_id) !== folder)
    findings.push(`the folder is called ${folder}, the package ${manifest.cbb_id}`);
  if (manifest.entrypoints.top !== manifest.toplevel) findings.push('entrypoints.top and toplevel differ');
  if (!priceIsPositive(manifest.price_usd)) findings.push(`the price ${manifest.price_usd} is no positive amount`);
  for (const [what, names] of nameLists(manifest)) {
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    if (twice.length > 0) findings.push(`${what} ${twice.join(', ')} stands there twice`);
  }
  for (const tag of manifest.tags) {
    if (tag !== tag.toLowerCase().trim() || tag === '')
      findings.push(`the tag ${JSON.stringify(tag)} is not in lower case`);
  }
  for (const parameter of manifest.parameters) {
    const value = defaultValue(parameter);
    const problem = value === undefined ? 'it has no value' : valueFault(parameter, value);
    if (problem !== undefined) findings.push(`the default of ${parameter.name} is illegal: ${problem}`);
    if (
      parameter.type === 'int' &&
      parameter.allowed === undefined &&
      (parameter.min === undefined || parameter.max === undefined)
    ) {
      findings.push(`${parameter.name} has neither a range nor a list of values`);
    }
  }
  findings.push(...clockFindings(manifest));
  return checked('manifest', findings);
}

function nameLists(manifest: CbbManifest): [string, string[]][] {
  return [
    ['the tag', manifest.tags],
    ['the parameter', manifest.parameters.map(({ name }) => name)],
    ['the port', manifest.ports.map(({ name }) => name)],
    ['the file', [...manifest.filesets.rtl, ...manifest.filesets.tb]],
  ];
}

function clockFindings(manifest: CbbManifest): string[] {
  const inputs = (role: string): Set<string> =>
    new Set(manifest.ports.filter((port) => port.role === role && port.direction === 'input').map(({ name }) => name));
  const clocks = inputs('clock');
  const resets = inputs('reset');
  const findings: string[] = [];
  const domains = new Set(manifest.clock_domains.map(({ clock }) => clock));
  for (const clock of clocks)
    if (!domains.has(clock)) findings.push(`${clock} has the role of a clock and no clock domain`);
  for (const clock of domains)
    if (!clocks.has(clock)) findings.push(`the clock domain of ${clock} has no such clock input`);
  const described = new Set(manifest.resets.map(({ name }) => name));
  for (const reset of resets)
    if (!described.has(reset)) findings.push(`${reset} has the role of a reset and is not described under resets`);
  for (const reset of described)
    if (!resets.has(reset)) findings.push(`resets describe ${reset}, which is no reset input`);
  for (const { reset } of manifest.clock_domains) {
    if (reset !== undefined && !described.has(reset))
      findings.push(`a clock domain names the reset ${reset}, which is not described`);
  }
  return findings;
}

function priceIsPositive(text: string): boolean {
  try {
    return parseUsd(text) > 0;
  } catch {
    return false;
  }
}

function isWaveJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'signal' in value && Array.isArray(value.signal);
  } catch {
    return false;
  }
}

/** Throws CBB_GATE_FAILED with the findings when a check failed. */
export function requirePassed(name: string, checks: readonly Check[]): void {
  const failed = checks.filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  const findings = failed.flatMap((check) => check.findings.map((finding) => `${check.name}: ${finding}`));
  throw new GenrtlError(
    'CBB_GATE_FAILED',
    `${name} does not pass the publishing gate: ${findings[0] ?? 'a check failed'}${findings.length > 1 ? ` (and ${findings.length - 1} more)` : ''}.`,
    { details: { findings } },
  );
}
