// Calls about what is on offer and what was used: tools, models, packages, usage.
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import type { IpcServices } from '../services.ts';

type CatalogCalls =
  | 'tools.list'
  | 'models.probe'
  | 'models.list'
  | 'usage.read'
  | 'usage.budget'
  | 'usage.billing'
  | 'usage.consent'
  | 'cbb.search';

export function catalogHandlers({ backend, tools }: IpcServices): Pick<IpcHandlers, CatalogCalls> {
  return {
    'tools.list': async () => ({ tools: await tools() }),
    'models.probe': async ({ server, url, key_env: keyEnv = null }) =>
      backend.probe(server, url === undefined ? undefined : { url, keyEnv }),
    'models.list': async () => ({ models: await backend.models() }),
    'usage.read': async (filter) => backend.usage(filter),
    'usage.budget': async ({ job_id }) => ({ budget: await backend.budget(job_id) }),
    'usage.billing': async () => ({ billing: await backend.billing() }),
    'usage.consent': async () => backend.consentToOnDemand(),
    'cbb.search': async ({ query }) => ({ listings: await backend.searchCbb(query) }),
  };
}
