// Designs to plant faults into, none written for it: the RTL of every package with its own bench, and what the composer
// makes of every sample, with the packages that it bought.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { CbbManifest } from '@genrtl/contracts';
import type { Plan } from '@genrtl/contracts';
import { scanModules, topModules } from '@genrtl/core/hdl/modules.ts';
import { composeFiles, composePlan, elaborateSpec, parseSpec } from '@genrtl/core/spec/index.ts';
import { ROOT } from '../e2e/harness.ts';

export interface DesignFile {
  /** relative to the workspace */
  readonly path: string;
  readonly text: string;
}

export interface Design {
  readonly name: string;
  /** in compile order: packages, then the design's own files */
  readonly vendor: readonly DesignFile[];
  readonly rtl: readonly DesignFile[];
  readonly tb: readonly DesignFile[];
  readonly bench: string;
  readonly top: Plan['top'];
  readonly packages: readonly CbbManifest[];
}

const CBB = path.join(ROOT, 'resources/cbb');
const SAMPLES = path.join(ROOT, 'resources/samples');

export function allDesigns(): Design[] {
  const manifests = folders(CBB)
    .filter((id) => existsSync(path.join(CBB, id, 'manifest.json')))
    .map((id) => CbbManifest.parse(JSON.parse(readFileSync(path.join(CBB, id, 'manifest.json'), 'utf8'))));
  const byId = new Map(manifests.map((manifest) => [manifest.cbb_id, manifest]));
  return [
    ...manifests.map((manifest) => packageDesign(manifest, byId)),
    ...folders(SAMPLES).flatMap((name) => sampleDesign(name, byId)),
  ];
}

const folders = (root: string): string[] =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

type Catalog = ReadonlyMap<string, CbbManifest>;

const sourcesOf = (manifest: CbbManifest): string[] => manifest.filesets.rtl.filter((file) => /\.(sv|v)$/.test(file));

function packageFiles(id: string, byId: Catalog): DesignFile[] {
  const manifest = byId.get(id);
  if (manifest === undefined) return [];
  return [
    ...manifest.dependencies.flatMap(({ cbb_id: other }) => packageFiles(other, byId)),
    ...sourcesOf(manifest).map((file) => ({
      path: `.genRTL/vendor/cbb/${id}/${manifest.version}/${file}`,
      text: readFileSync(path.join(CBB, id, file), 'utf8'),
    })),
  ];
}

const unique = (files: readonly DesignFile[]): DesignFile[] => [
  ...new Map(files.map((file) => [file.path, file])).values(),
];

/** A package as if it were the person's own code: its files lie in src/ and tb/. */
function packageDesign(manifest: CbbManifest, byId: Catalog): Design {
  const { cbb_id: id } = manifest;
  const read =
    (folder: string) =>
    (file: string): DesignFile => ({
      path: `${folder}/${path.basename(file)}`,
      text: readFileSync(path.join(CBB, id, file), 'utf8'),
    });
  const tb = manifest.filesets.tb.filter((file) => /\.(sv|v)$/.test(file)).map(read('tb'));
  return {
    name: id,
    vendor: unique(manifest.dependencies.flatMap(({ cbb_id: other }) => packageFiles(other, byId))),
    rtl: sourcesOf(manifest).map(read('src')),
    tb,
    bench: benchOf(tb),
    packages: [],
    top: {
      name: manifest.toplevel,
      purpose: manifest.title,
      parameters: [],
      instances: [],
      ports: manifest.ports.map(({ name, direction, width, description }) => ({ name, direction, width, description })),
      clocks: [...new Set(manifest.clock_domains.map(({ clock }) => clock))],
      resets: manifest.resets.map(({ name, active, async }) => ({ name, active, async })),
    },
  };
}

function sampleDesign(name: string, byId: Catalog): Design[] {
  const parsed = parseSpec(readFileSync(path.join(SAMPLES, name, 'spec.md'), 'utf8'), 'spec.md');
  const result = parsed.kind === 'structured' ? elaborateSpec(parsed, [...byId.values()]) : null;
  if (result === null || !('design' in result)) return [];
  const plan = composePlan(result.design);
  const files = composeFiles(result.design);
  const used = [...new Set(plan.top.instances.flatMap(({ cbb }) => cbb ?? []))].map((id) => id.split('@')[0] ?? id);
  const tb = files.filter((file) => file.path.startsWith('tb/'));
  return [
    {
      name,
      vendor: unique(used.flatMap((id) => packageFiles(id, byId))),
      rtl: files.filter((file) => file.path.startsWith('src/')),
      tb,
      bench: benchOf(tb),
      top: plan.top,
      packages: used.flatMap((id) => byId.get(id) ?? []),
    },
  ];
}

/** A package may bring several benches; the first is taken. */
function benchOf(files: readonly DesignFile[]): string {
  return topModules(scanModules(files.map((file) => ({ ...file }))))[0]?.name ?? '';
}
