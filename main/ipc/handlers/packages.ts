// Calls of the package browser: what is installed and whole, its documents, purchases made by hand.
import { CbbListing, GenrtlError } from '@genrtl/contracts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import path from 'node:path';
import { installFromRegistry, listInstalled, restoreAll, verifyVendor } from '../../cbb/index.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import { workspacePaths } from '../../workspace/paths.ts';
import type { IpcServices } from '../services.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

type PackageCalls = 'cbb.document' | 'cbb.installed' | 'cbb.install' | 'cbb.restore';

export function packageHandlers({ backend }: IpcServices, workspaces: OpenWorkspaces): Pick<IpcHandlers, PackageCalls> {
  return {
    'cbb.document': async ({ workspace, cbb_id, version }) => {
      const { vendor } = workspacePaths(workspaces.require(workspace));
      const installed = await readRegular(path.join(vendor, cbb_id, version, 'README.md'), 'utf8').catch(() => null);
      if (installed !== null) return { readme: installed };
      const { http } = await backend.registry();
      const listing = await http.call(
        'GET',
        `/v1/cbb/${encodeURIComponent(cbb_id)}/${encodeURIComponent(version)}`,
        CbbListing,
      );
      return { readme: listing.readme ?? null };
    },
    'cbb.installed': async ({ workspace }) => {
      const root = workspaces.require(workspace);
      const [installed, { problems }] = await Promise.all([listInstalled(root), verifyVendor(root)]);
      return {
        packages: installed.map(({ intact: _, ...entry }) => ({
          ...entry,
          damage:
            problems.find((problem) => problem.cbb_id === entry.cbb_id && problem.version === entry.version)?.message ??
            null,
        })),
      };
    },
    'cbb.install': async ({ workspace, cbb_id, version }) => {
      const done = await installFromRegistry({
        workspace: workspaces.require(workspace),
        id: `${cbb_id}@${version}`,
        agreed: true,
        client: await backend.registry(),
      });
      return { installed: done.map((each) => ({ cbb_id: each.cbb_id, version: each.version })) };
    },
    'cbb.restore': async ({ workspace }) => {
      const root = workspaces.require(workspace);
      const damaged = (await verifyVendor(root)).problems;
      if (damaged.length === 0) return { restored: [] };
      await restoreAll(root, await backend.registry());
      const [left] = (await verifyVendor(root)).problems;
      if (left !== undefined)
        throw new GenrtlError('VENDOR_DAMAGED', `${left.cbb_id} ${left.version}: ${left.message}`);
      return { restored: damaged.map(({ cbb_id, version }) => ({ cbb_id, version })) };
    },
  };
}
