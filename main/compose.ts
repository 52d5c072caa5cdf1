// Builds the services of the main process once and hands them to a shell. The shells contain no product logic.
import type { GenrtlError } from '@genrtl/contracts';
import { elaborateSpec, parseSpec } from '@genrtl/core/spec/index.ts';
import { listTools } from '@genrtl/eda/toolbox.ts';
import { createJobService } from './agent/job-service.ts';
import { PushHub } from './ipc/push-hub.ts';
import type { IpcServices } from './ipc/services.ts';
import { connectBackend, type BackendConnection } from './processes/backend.ts';
import { genrtlHome } from './processes/home.ts';
import { openSettings } from './settings/settings-store.ts';
import { openSamples } from './workspace/samples.ts';
import { importSpec } from './workspace/spec-import.ts';
import { runOnWorkspace } from './workspace/tool-session.ts';
import packageJson from '../package.json' with { type: 'json' };

export interface ComposeOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly shell: 'electron' | 'web';
}

export interface Composed {
  readonly services: IpcServices;
  /** Lets the backend go; an embedded one without other users stops. */
  close(): Promise<void>;
}

export function compose({ env, shell }: ComposeOptions): Composed {
  const home = genrtlHome(env);
  const locale = env['LC_ALL'] ?? env['LANG'] ?? 'en';
  const pushes = new PushHub();
  const backend = sharedBackend(env, pushes);
  const stopping = new AbortController();
  return {
    services: {
      facts: { version: packageJson.version, shell, home, locale },
      settings: openSettings(home, locale),
      samples: openSamples(home),
      jobs: createJobService({ env, connect: async () => ({ ...(await backend.get()), release: async () => undefined }) }),
      backend: {
        models: async () => (await backend.get()).client.models(),
        usage: async ({ job_id, from, to }) => (await backend.get()).client.usage({ jobId: job_id, from, to }),
        searchCbb: async (query) => (await backend.get()).client.searchCbbs(query),
        registry: async () => (await backend.get()).client,
      },
      pushes,
      env,
      tools: () => listTools(env),
      runTool: (request) => runOnWorkspace({ ...request, top: null, env, signal: stopping.signal }),
      importSpec: async (name, bytes) => {
        const { markdown } = await importSpec(name, bytes);
        const parsed = parseSpec(markdown, name);
        if (parsed.kind === 'free') return { markdown, structured: false, diagnostics: [] };
        const catalog = (await (await backend.get()).client.searchCbbs('')).map((listing) => listing.manifest);
        const result = elaborateSpec(parsed, catalog);
        return { markdown, structured: true, diagnostics: 'diagnostics' in result ? [...result.diagnostics] : [] };
      },
    },
    close: () => {
      stopping.abort();
      return backend.close();
    },
  };
}

/** One connection for the life of the shell; taken up again when the backend died. */
function sharedBackend(env: NodeJS.ProcessEnv, pushes: PushHub): { get(): Promise<BackendConnection>; close(): Promise<void> } {
  let connection: Promise<BackendConnection> | null = null;
  const report = (state: 'starting' | 'ready' | 'down', error: GenrtlError | null = null): void => {
    pushes.publish({ push: 'backend.state', payload: { state, error: error?.toBody() ?? null } });
  };
  const open = (): Promise<BackendConnection> => {
    const opening = connectBackend(env, { onStarting: () => report('starting') });
    opening.then(() => report('ready'), (error: GenrtlError) => {
      report('down', error);
      connection = null;
    });
    return opening;
  };
  return {
    get: async () => {
      const known = await (connection ??= open());
      if (await known.alive()) return known;
      connection = open();
      return connection;
    },
    close: async () => {
      await (await connection?.catch(() => null))?.release();
    },
  };
}

