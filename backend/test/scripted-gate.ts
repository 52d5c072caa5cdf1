// A publishing gate without tools: the evidence of a built-in package under whatever id is published, and packages that
// are copies of that one.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CbbEvidence, type CbbManifest } from '@genrtl/contracts';
import { BUILTIN_PACKAGES } from '../registry/catalog.ts';
import { readPackage, sourceHash } from '../registry/package-source.ts';
import type { Gate } from '../registry/publishing.ts';

const SOURCE = join(BUILTIN_PACKAGES, 'cbb_edge_detect');

/** Passes all but what calls itself broken. */
export const scriptedGate: Gate = async (folder) => {
  const recorded = CbbEvidence.parse(JSON.parse(readFileSync(join(SOURCE, 'evidence.json'), 'utf8')));
  const source = await readPackage(folder);
  const { cbb_id, version, title } = source.manifest;
  const passed = !title.includes('broken');
  const checks = [{ name: 'benches', passed, findings: passed ? [] : ['tb_x fails under icarus'] }];
  return { ...recorded, cbb_id, version, checks, passed, source_sha256: sourceHash(source) };
};

/** The folder of a package of that id, in a folder of its own below `folder`. */
export function copiedPackage(
  folder: string,
  cbbId: string,
  version = '1.0.0',
  change: Partial<CbbManifest> = {},
): string {
  const where = join(mkdtempSync(join(folder, 'package-')), cbbId.slice(cbbId.indexOf('/') + 1) || 'x');
  cpSync(SOURCE, where, { recursive: true });
  const path = join(where, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as CbbManifest;
  const own = { cbb_id: cbbId, version, title: `Detector of ${cbbId}`, function: `detector of ${cbbId}`, tags: [] };
  writeFileSync(path, JSON.stringify({ ...manifest, ...own, ...change }));
  return where;
}
