// The call of the schematic room.
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { readSchematic } from '../../schematic/schematic.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import type { IpcServices } from '../services.ts';

export function schematicHandlers(
  { env }: IpcServices,
  workspaces: OpenWorkspaces,
): Pick<IpcHandlers, 'schematic.read'> {
  return {
    'schematic.read': async ({ workspace, module }) => readSchematic(workspaces.require(workspace), module, env),
  };
}
