// The call of the schematic room.
import { diagnosticsOf, GenrtlError } from '@genrtl/contracts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import type { Findings } from '../../findings/findings.ts';
import { readSchematic } from '../../schematic/schematic.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import type { IpcServices } from '../services.ts';

export function schematicHandlers(
  { env }: IpcServices,
  workspaces: OpenWorkspaces,
  findings: Findings,
): Pick<IpcHandlers, 'schematic.read'> {
  return {
    'schematic.read': async ({ workspace, module, around }) => {
      const root = workspaces.require(workspace);
      const report = { source: 'schematic', tool: 'yosys', at: new Date().toISOString() };
      try {
        const drawn = await readSchematic(root, module, env, around);
        findings.report(root, { ...report, findings: [] });
        return drawn;
      } catch (error) {
        const found = error instanceof GenrtlError ? diagnosticsOf(error) : [];
        if (found.length > 0) findings.report(root, { ...report, findings: found });
        throw error;
      }
    },
  };
}
