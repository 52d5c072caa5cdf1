// The tools of a backend process, loaded with their first use: its start does not pay for the adapters.
import type { CloudToolOptions, CloudTools } from './cloud.ts';

export function openTools(options: CloudToolOptions): CloudTools {
  let loaded: Promise<CloudTools> | null = null;
  const tools = (): Promise<CloudTools> =>
    (loaded ??= import('./cloud.ts').then(({ createCloudTools }) => createCloudTools(options)));
  return {
    check: async () => (await tools()).check(),
    run: async (...run) => (await tools()).run(...run),
    measure: async (...measured) => (await tools()).measure(...measured),
  };
}
