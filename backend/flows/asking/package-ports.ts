// How purchased packages are instantiated: port lists made of manifests. Their RTL itself never goes into a prompt.
import type { CbbManifest } from '@genrtl/contracts';

/** One module declaration a package, with roles and descriptions as comments. */
export function packagePorts(manifests: readonly CbbManifest[]): string {
  return manifests.map(declaration).join('\n\n');
}

function declaration(manifest: CbbManifest): string {
  const parameters = manifest.parameters.map((parameter, index) => {
    const comma = index < manifest.parameters.length - 1 ? ',' : '';
    const range = parameter.allowed ? ` one of ${parameter.allowed.join(', ')}` : rangeOf(parameter);
    return `  parameter ${parameter.name} = ${parameter.default}${comma} //${range} ${oneLine(parameter.description)}`;
  });
  const ports = manifest.ports.map((port, index) => {
    const comma = index < manifest.ports.length - 1 ? ',' : '';
    const width = port.width === '1' ? '' : ` [(${port.width})-1:0]`;
    return `  ${port.direction}${width} ${port.name}${comma} // ${port.role}: ${oneLine(port.description)}`;
  });
  return [
    `// ${manifest.cbb_id} ${manifest.version}: ${oneLine(manifest.title)}. ${oneLine(manifest.description)}`,
    `module ${manifest.toplevel}${parameters.length > 0 ? ' #(' : ' ('}`,
    ...(parameters.length > 0 ? [...parameters, ') ('] : []),
    ...ports,
    ');',
  ].join('\n');
}

function rangeOf(parameter: CbbManifest['parameters'][number]): string {
  const parts = [
    ...(parameter.min === undefined ? [] : [`at least ${String(parameter.min)}`]),
    ...(parameter.max === undefined ? [] : [`at most ${String(parameter.max)}`]),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(', ')};`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
