// The interface check: what Yosys elaborates at each parameter set equals what the manifest promises, and illegal
// parameter values stop it with a message.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { CbbManifest } from '@genrtl/contracts';
import { defaultValue } from '@genrtl/core/cbb/parameters.ts';
import { z } from 'zod';
import type { ToolRunner } from '../../tool-runner/index.ts';
import { checked } from './findings.ts';
import type { Check } from './findings.ts';
import type { ParameterSet } from './parameter-sets.ts';

/** The part of Yosys' `write_json` that counts here (0.23). */
const Netlist = z.object({
  modules: z.record(
    z.string(),
    z.object({
      attributes: z.record(z.string(), z.unknown()).optional(),
      parameter_default_values: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      ports: z.record(z.string(), z.object({ direction: z.string(), bits: z.array(z.unknown()) })),
    }),
  ),
});
type NetlistModule = z.infer<typeof Netlist>['modules'][string];

/**
 * Manifest text that goes into Verilog: names, numbers, operators and `$clog2`; nothing that could end the expression.
 */
const WIDTH_TEXT = /^[\w$'()+\-*/%<>=!&|?: ]{1,200}$/;
const PROMISE = 'genrtl_manifest_interface';

export interface ElaborationContext {
  readonly runner: ToolRunner;
  readonly folder: string;
  readonly manifest: CbbManifest;
  readonly signal?: AbortSignal;
}

/** Ports and parameters of the manifest against the elaborated top, at every parameter set. */
export async function checkInterface(context: ElaborationContext, sets: readonly ParameterSet[]): Promise<Check> {
  const { manifest } = context;
  const unreadable = manifest.ports
    .filter(({ width }) => !WIDTH_TEXT.test(width))
    .map(({ name }) => `the width of ${name} is no expression`);
  if (unreadable.length > 0) return checked('interface', unreadable);
  const findings: string[] = [];
  for (const [index, set] of sets.entries()) {
    // No width depends on text, and Yosys takes none on its command line.
    const own = Object.fromEntries(
      Object.entries(set.parameters).filter(([name]) =>
        manifest.parameters.some((parameter) => parameter.name === name && parameter.type !== 'string'),
      ),
    );
    const real = await elaborate(context, own, manifest.toplevel, []);
    if ('error' in real) {
      findings.push(`Yosys refuses the set "${set.name}": ${real.error}`);
      continue;
    }
    const promised = await elaborate(context, own, PROMISE, [{ name: `${PROMISE}.sv`, text: promiseModule(manifest) }]);
    if ('error' in promised) findings.push(`the widths of the manifest cannot be evaluated: ${promised.error}`);
    else
      findings.push(
        ...comparePorts(manifest, promised.module, real.module).map(
          (finding) => `at the set "${set.name}": ${finding}`,
        ),
      );
    if (index === 0) findings.push(...compareParameters(manifest, real.module));
  }
  return checked('interface', findings);
}

/** One value below the range, one above and one beside the list: each must stop elaboration, naming the parameter. */
export async function checkIllegalParameters(context: ElaborationContext): Promise<Check> {
  const findings: string[] = [];
  for (const { parameter, value, tool } of illegalCases(context.manifest)) {
    const errors = await elaborationErrors(context, tool, { [parameter.name]: String(value) });
    if (errors === null) findings.push(`${tool} elaborates ${parameter.name} = ${value}, which is illegal`);
    else if (!errors.includes(`${parameter.name}_`))
      findings.push(`${tool} stops at ${parameter.name} = ${value} with a message that does not name it: ${errors}`);
  }
  return checked('illegal parameters', findings);
}

interface IllegalCase {
  readonly parameter: CbbManifest['parameters'][number];
  readonly value: number;
  readonly tool: 'icarus' | 'verilator' | 'yosys';
}

/** Each tool on each value; Yosys 0.23 takes no negative ones on its command line. */
function illegalCases(manifest: CbbManifest): IllegalCase[] {
  return manifest.parameters.flatMap((parameter) =>
    illegalValues(parameter).flatMap((value) =>
      (['icarus', 'verilator', 'yosys'] as const)
        .filter((tool) => tool !== 'yosys' || value >= 0)
        .map((tool) => ({ parameter, value, tool })),
    ),
  );
}

/** What the tool says when it refuses to elaborate the top; null when it does not refuse. */
async function elaborationErrors(
  { runner, folder, manifest, signal }: ElaborationContext,
  tool: IllegalCase['tool'],
  parameters: Readonly<Record<string, string>>,
): Promise<string | null> {
  return runner.run(
    {
      tool,
      action: 'elaborate',
      workspace: folder,
      sources: manifest.filesets.rtl,
      includeDirs: manifest.include_dirs,
      top: manifest.toplevel,
      parameters,
      limits: { timeoutMs: 60_000 },
      ...(signal === undefined ? {} : { signal }),
    },
    ({ verdict, diagnostics }) =>
      verdict === 'pass'
        ? null
        : diagnostics
            .filter(({ severity }) => severity === 'error')
            .map(({ message }) => message)
            .join('; ') || verdict,
  );
}

function illegalValues(parameter: CbbManifest['parameters'][number]): number[] {
  if (parameter.type !== 'int') return [];
  const allowed = parameter.allowed?.map(Number);
  if (allowed !== undefined) return [Math.min(...allowed) - 1, Math.max(...allowed) + 1];
  return [
    ...(parameter.min === undefined ? [] : [parameter.min - 1]),
    ...(parameter.max === undefined ? [] : [parameter.max + 1]),
  ];
}

/** The manifest as a module: Yosys evaluates the widths, so that they mean what Verilog says and not what we think. */
function promiseModule(manifest: CbbManifest): string {
  const parameters = manifest.parameters
    .map(
      ({ name, type, default: value }) => `  parameter ${name} = ${type === 'string' ? JSON.stringify(value) : value}`,
    )
    .join(',\n');
  const ports = manifest.ports
    .map(({ name, direction, width }) => `  ${direction} [(${width})-1:0] ${name}`)
    .join(',\n');
  return `module ${PROMISE}${parameters === '' ? '' : ` #(\n${parameters}\n)`} (\n${ports}\n);\nendmodule\n`;
}

function comparePorts(manifest: CbbManifest, promised: NetlistModule, real: NetlistModule): string[] {
  const findings: string[] = [];
  for (const { name, direction } of manifest.ports) {
    const port = real.ports[name];
    const width = promised.ports[name]?.bits.length;
    if (port === undefined) findings.push(`there is no port ${name}`);
    else if (port.direction !== direction) findings.push(`${name} is an ${port.direction}, not an ${direction}`);
    else if (port.bits.length !== width)
      findings.push(`${name} is ${port.bits.length} bits wide, the manifest says ${width ?? 0}`);
  }
  const known = new Set(manifest.ports.map(({ name }) => name));
  for (const name of Object.keys(real.ports))
    if (!known.has(name)) findings.push(`the port ${name} is not in the manifest`);
  return findings;
}

function compareParameters(manifest: CbbManifest, real: NetlistModule): string[] {
  const findings: string[] = [];
  const defaults = real.parameter_default_values ?? {};
  for (const parameter of manifest.parameters) {
    const { name, default: promised } = parameter;
    const value = defaults[name];
    if (value === undefined) findings.push(`there is no parameter ${name}`);
    else if (!sameValue(parameter, value))
      findings.push(`the default of ${name} is ${String(value)}, the manifest says ${promised}`);
  }
  const known = new Set(manifest.parameters.map(({ name }) => name));
  for (const name of Object.keys(defaults))
    if (!known.has(name)) findings.push(`the parameter ${name} is not in the manifest`);
  return findings;
}

/** Yosys writes numbers as bit strings, and text as it is, with a blank behind what would look like bits. */
function sameValue(parameter: CbbManifest['parameters'][number], real: string | number): boolean {
  const promised = defaultValue(parameter);
  if (typeof promised === 'string') return String(real).trimEnd() === promised;
  if (promised === undefined) return false;
  if (typeof real === 'number') return BigInt(real) === promised;
  return /^[01]+$/.test(real) && BigInt(`0b${real}`) === BigInt.asUintN(real.length, promised);
}

async function elaborate(
  { runner, folder, manifest, signal }: ElaborationContext,
  parameters: Readonly<Record<string, string>>,
  top: string,
  generated: { name: string; text: string }[],
): Promise<{ module: NetlistModule } | { error: string }> {
  return runner.run(
    {
      tool: 'yosys',
      action: 'elaborate',
      workspace: folder,
      sources: generated.length > 0 ? [] : manifest.filesets.rtl,
      includeDirs: manifest.include_dirs,
      generated,
      top,
      parameters,
      limits: { timeoutMs: 60_000 },
      ...(signal === undefined ? {} : { signal }),
    },
    async (result, runDir) => {
      if (result.verdict !== 'pass') {
        return {
          error:
            result.diagnostics.find(({ severity }) => severity === 'error')?.message ?? `it ended as ${result.verdict}`,
        };
      }
      const netlist = Netlist.parse(JSON.parse(await readFile(join(runDir, 'elaborated.json'), 'utf8')));
      const found = Object.entries(netlist.modules).find(
        ([name, module]) => name === top || module.attributes?.['top'] !== undefined,
      );
      if (found === undefined) throw new GenrtlError('TOOL_FAILED', `Yosys wrote no module ${top}.`);
      return { module: found[1] };
    },
  );
}
