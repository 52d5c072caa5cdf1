// A full instantiation of a package: every parameter at its default, every port on a net of its name.
import type { CbbManifest } from '@genrtl/contracts';

interface Instance {
  readonly module: string;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly string[];
}

export function instanceOf(manifest: CbbManifest): Instance {
  return {
    module: manifest.toplevel,
    parameters: manifest.parameters.map(({ name, type, default: value }) => ({
      name,
      value: type === 'string' ? `"${value}"` : value,
    })),
    ports: manifest.ports.map((port) => port.name),
  };
}

/** Characters that mean something in a snippet of the editor. */
const literal = (text: string): string => text.replaceAll(/[\\$}]/g, '\\$&');

/**
 * A snippet: instance name first, then parameter values and nets as stops. The editor indents its lines like the
 * cursor's.
 */
export function instanceSnippet({ module, parameters, ports }: Instance): string {
  let stop = 1;
  const hole = (text: string): string => `\${${stop++}:${literal(text)}}`;
  const name = hole(`u_${module.replace(/^cbb_/, '')}`);
  const width = Math.max(
    0,
    ...ports.map((port) => port.length),
    ...parameters.map((parameter) => parameter.name.length),
  );
  const line = (port: string, value: string): string =>
    `\t.${literal(port)}${' '.repeat(width - port.length)} (${hole(value)})`;
  const overrides = parameters.map((parameter) => line(parameter.name, parameter.value)).join(',\n');
  const nets = ports.map((port) => line(port, port)).join(',\n');
  return `${literal(module)} ${overrides === '' ? '' : `#(\n${overrides}\n) `}${name} (\n${nets}\n);\n`;
}
