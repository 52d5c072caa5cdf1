// Compares the top that was written with the one that the plan promises: what was approved is what others connect to. A
// testbench of the same author would not tell.
import type { Diagnostic, Plan } from '@genrtl/contracts';
import { headerEnd } from '../hdl/header-end.ts';
import { codeOf } from '../hdl/lexer.ts';
import { constant, values, type Values } from './check-interface.ts';
import { readModuleHeaders, type ModuleHeader } from './module-header.ts';
import type { SpecPort } from './spec-interface.ts';

/**
 * Differences with file and line, code INTERFACE_DIFFERS. What only a preprocessor or a package knows is not compared, nor
 * are ports that the design has beside.
 */
export function checkDesignInterface(
  plan: Plan,
  sources: readonly { readonly path: string; readonly text: string }[],
): Diagnostic[] {
  const tops = sources.flatMap(({ path, text }) =>
    readModuleHeaders(text, 1)
      .filter(({ name }) => name === plan.top.name)
      .map((header) => ({ header, path, text })),
  );
  const [only, more] = tops;
  // several: a conditional chooses, or the tool says so
  if (only === undefined || more !== undefined || headerOf(only).includes('`')) return [];
  return differences(plan, only.header, headerOf(only)).map(({ line, message }) => ({
    tool: 'genrtl',
    severity: 'error',
    code: 'INTERFACE_DIFFERS',
    message,
    file: only.path,
    line,
  }));
}

/** Without what stands in ranges and defaults: there a macro leaves the ports what they are. */
function headerOf({ header, text }: { readonly header: ModuleHeader; readonly text: string }): string {
  const lines = text.split('\n').slice(header.line - 1);
  const last = Math.max(header.line, ...[...header.ports, ...header.parameters].map(({ line }) => line)) - header.line;
  const end = lines.findIndex((line) => line.includes(';'));
  return lines
    .slice(0, Math.max(last, end) + 1)
    .join('\n')
    .replace(/\[[^\]]*\]|=\s*`\w+/g, '');
}

interface Difference {
  readonly line: number;
  readonly message: string;
}

/** `text`: of the header; what is named there and not read, an interface or a type, is not compared. */
function differences({ top }: Plan, header: ModuleHeader, text: string): Difference[] {
  const found: Difference[] = [];
  const tokens = codeOf(text);
  const named = new Set(tokens.slice(0, headerEnd(tokens, 0)).map((token) => token.text));
  const planned = values(top.parameters);
  const written = values(header.parameters.map(({ name, default: text }) => ({ name, default: text ?? '' })));
  for (const { name, default: said } of top.parameters) {
    const parameter = header.parameters.find((one) => one.name === name);
    const [promised, made] = [planned.get(name), written.get(name)];
    if (parameter === undefined) {
      if (!named.has(name))
        found.push({ line: header.line, message: `the plan promises the parameter ${name}, the design has none` });
    } else if (promised !== undefined && made !== undefined && promised !== made)
      found.push({ line: parameter.line, message: `the plan promises ${name} = ${said}, the design has ${made}` });
  }
  for (const port of top.ports) {
    const made = header.ports.find(({ name }) => name === port.name);
    if (made === undefined) {
      if (named.has(port.name)) continue;
      found.push({
        line: header.line,
        message: `the plan promises the ${port.direction} ${port.name}, the design has no such port`,
      });
    } else found.push(...portDifferences(port, made, { planned, written }));
  }
  return found;
}

function portDifferences(
  port: Plan['top']['ports'][number],
  made: SpecPort,
  { planned, written }: { readonly planned: Values; readonly written: Values },
): Difference[] {
  if (made.direction !== undefined && made.direction !== port.direction)
    return [
      {
        line: made.line,
        message: `${port.name} is an ${port.direction} in the plan, an ${made.direction} in the design`,
      },
    ];
  const promised = constant(port.width, planned);
  const bits = made.width === undefined ? undefined : constant(made.width, written);
  return promised === undefined || bits === undefined || promised === bits
    ? []
    : [{ line: made.line, message: `${port.name} has ${promised} bits in the plan, ${bits} in the design` }];
}
