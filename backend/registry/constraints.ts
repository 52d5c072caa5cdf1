// Whether a package can serve a requirement's numbers: width, depth, clock domains, protocol, parameter values.
import type { CbbManifest, Requirement } from '@genrtl/contracts';
import { parseManifestExpr, valueFault } from '@genrtl/core/cbb/parameters.ts';
import { evaluate } from '@genrtl/core/spec/expr/constant.ts';

type CbbParameter = CbbManifest['parameters'][number];

/** Parameters that mean the width of what a package carries, the first one present counts. */
const WIDTH_NAMES = ['WIDTH', 'DATA_WIDTH', 'DATA_BITS', 'WIDTH_A'];
const DEPTH_NAMES = ['DEPTH', 'FIFO_DEPTH'];

/** Why the package cannot serve the requirement, in plain sentences; empty when it can. */
export function unmetConstraints(requirement: Requirement, manifest: CbbManifest): string[] {
  const unmet: string[] = [];
  const check = (what: string, names: readonly string[], value: number | undefined, always: number): void => {
    if (value === undefined) return;
    const parameter = names
      .map((name) => manifest.parameters.find((candidate) => candidate.name === name))
      .find((found) => found !== undefined);
    if (parameter === undefined) {
      if (value !== always) unmet.push(`${manifest.cbb_id} has no ${what} to set`);
    } else {
      const problem = parameterProblem(parameter, value);
      if (problem !== null) unmet.push(problem);
    }
  };
  // A package without a width carries single bits; one without a depth holds one item at most.
  check('width', WIDTH_NAMES, requirement.width, 1);
  check('depth', DEPTH_NAMES, requirement.depth, 1);

  const { clock_domains, protocol, parameters } = requirement;
  if (clock_domains !== undefined && clock_domains !== manifest.clock_domains.length) {
    unmet.push(`${manifest.cbb_id} has ${manifest.clock_domains.length} clock domains, not ${clock_domains}`);
  }
  if (protocol !== undefined && !manifest.protocols.some((candidate) => sameProtocol(candidate, protocol))) {
    unmet.push(`${manifest.cbb_id} does not speak ${protocol}`);
  }
  for (const [name, value] of Object.entries(parameters ?? {})) {
    const parameter = manifest.parameters.find((candidate) => candidate.name === name);
    const problem =
      parameter === undefined ? `${manifest.cbb_id} has no parameter ${name}` : parameterProblem(parameter, value);
    if (problem !== null) unmet.push(problem);
  }
  return unmet;
}

/**
 * Why the parameter cannot take the text of a value; null when it can, or when it is an expression that only
 * elaboration can judge.
 */
function parameterProblem(parameter: CbbParameter, value: string | number | boolean): string | null {
  if (parameter.type === 'string') return valueFault(parameter, String(value)) ?? null;
  const expression = parseManifestExpr(typeof value === 'boolean' ? String(Number(value)) : String(value));
  const known = expression === undefined ? undefined : evaluate(expression, () => undefined);
  return known === undefined ? null : (valueFault(parameter, known) ?? null);
}

/** `AXI4-Stream`, `axi4 stream` and `AXIS` are one protocol; so are the spellings of the others. */
function sameProtocol(a: string, b: string): boolean {
  return protocolKey(a) === protocolKey(b);
}

const PROTOCOL_ALIASES: Readonly<Record<string, string>> = {
  axis: 'axi4stream',
  axistream: 'axi4stream',
  axi4s: 'axi4stream',
  validready: 'axi4stream',
  axil: 'axi4lite',
  axilite: 'axi4lite',
  axi4l: 'axi4lite',
  serial: 'uart',
  rs232: 'uart',
};

function protocolKey(text: string): string {
  const key = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  return PROTOCOL_ALIASES[key] ?? key;
}
