// Calls about what is on offer and what was used: tools, models, packages, usage.
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import type { IpcServices } from '../services.ts';

type CatalogCalls = 'tools.list' | 'models.probe' | 'models.list' | 'usage.read' | 'usage.budget' | 'cbb.search';

export function catalogHandlers({ backend, tools }: IpcServices): Pick<IpcHandlers, CatalogCalls> {
  return {
    'tools.list': async () => ({ tools: await tools() }),
    'models.probe': async ({ server }) => backend.probe(server),
    'models.list': async () => ({ models: await backend.models() }),
    'usage.read': async (filter) => backend.usage(filter),
    'usage.budget': async ({ job_id }) => ({ budget: await backend.budget(job_id) }),
    'cbb.search': async ({ query }) => ({ listings: await backend.searchCbb(query) }),
  };
}
