// A full instantiation of a package: every parameter at its default, every port on a net of its name.
import type { CbbManifest } from '@genrtl/contracts';

interface Port {
  readonly name: string;
  readonly width: string;
}

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

/**
 * Declarations of the nets that the instance connects and the module does not name yet; widths with the package's
 * defaults in place of its parameters. A snippet without stops.
 */
export function netDeclarations(manifest: CbbManifest, isNamed: (name: string) => boolean): string {
  const values = new Map(manifest.parameters.map(({ name, default: value }) => [name, value]));
  const width = (text: string): string =>
    text.replaceAll(/[A-Za-z_]\w*/g, (word) => (values.has(word) ? `(${values.get(word) ?? ''})` : word));
  const declare = ({ name, width: text }: Port): string =>
    literal(text === '1' ? `logic ${name};` : `logic [${width(text)}-1:0] ${name};`);
  return manifest.ports
    .filter((port) => !isNamed(port.name))
    .map((port) => `${declare(port)}\n`)
    .join('');
}
