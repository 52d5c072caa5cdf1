// Builds the services of the main process once and hands them to a shell. The shells contain no product logic.
import { GenrtlError, type UsageRow, type UsageSummary } from '@genrtl/contracts';
import { listTools } from '@genrtl/eda/toolbox.ts';
import { Account } from './account/account.ts';
import { createJobService } from './job/job-service.ts';
import { PushHub } from './ipc/push-hub.ts';
import type { IpcServices } from './ipc/services.ts';
import { connectBackend, type BackendConnection } from './processes/backend.ts';
import { genrtlHome } from './installation/home.ts';
import { openSecrets, type SecretCipher } from './secrets/secret-store.ts';
import { LiveEnvironment, needsNewBackend } from './settings/live-environment.ts';
import { openSettings } from './settings/settings-store.ts';
import { openSamples } from './workspace/samples.ts';
import { checkSpec, type CheckedSpec } from './workspace/check-spec.ts';
import { importSpec } from './workspace/spec-import.ts';
import { runOnWorkspace } from './checks/tool-session.ts';
import packageJson from '../package.json' with { type: 'json' };

export interface ComposeOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly shell: 'electron' | 'web';
  /** the system's key store, where the shell has one */
  readonly cipher?: SecretCipher;
}

export interface Composed {
  readonly services: IpcServices;
  /** Lets the backend go; an embedded one without other users stops. */
  close(): Promise<void>;
}

export function compose({ env: given, shell, cipher }: ComposeOptions): Composed {
  const home = genrtlHome(given);
  const locale = given['LC_ALL'] ?? given['LANG'] ?? 'en';
  const pushes = new PushHub();
  const settings = openSettings(home, locale);
  const live = new LiveEnvironment(given);
  live.follow(settings.read());
  const { env } = live;
  const secrets = openSecrets(home, given, cipher ?? null);
  const backend = sharedBackend(async () => ({ ...env, ...(await secrets.environment()) }), pushes);
  const account = new Account({
    env,
    renew: () => backend.renew(),
    onChange: (error) => pushes.publish({ push: 'account.changed', payload: { error } }),
  });
  const stopping = new AbortController();
  const checkedSpec = (name: string, markdown: string): Promise<CheckedSpec> =>
    checkSpec(name, markdown, async () =>
      (await (await backend.get()).client.searchCbbs('')).map((listing) => listing.manifest),
    );
  return {
    services: {
      facts: { version: packageJson.version, shell, home, locale },
      settings: {
        ...settings,
        write: (change) => {
          settings.write(change);
          live.follow(settings.read());
          if (needsNewBackend(change)) backend.renew();
        },
      },
      secrets: {
        view: () => secrets.view(),
        write: async (name, value) => {
          await secrets.write(name, value);
          backend.renew();
        },
        open: async (passphrase) => {
          await secrets.open(passphrase);
          backend.renew();
        },
        forget: async () => {
          await secrets.forget();
          backend.renew();
        },
      },
      samples: openSamples(home),
      jobs: createJobService({ env, connect: () => backend.hold() }),
      backend: {
        models: async () => (await backend.get()).client.models(),
        aiConfig: async () => (await backend.get()).client.aiConfig(),
        client: async () => (await backend.get()).client,
        probe: async (server, further) => {
          const { probeModels } = await import('./models/probe.ts');
          return probeModels(server, { ...env, ...(await secrets.environment()) }, further);
        },
        usage: async ({ job_id, from, to }) => wholeUsage((await backend.get()).client, { jobId: job_id, from, to }),
        budget: async (jobId) =>
          (await backend.get()).client.readBudget(jobId).catch((error: unknown) => {
            if (error instanceof GenrtlError && error.code === 'NOT_FOUND') return null;
            throw error;
          }),
        billing: async () => {
          const billing = await (await backend.get()).client.billing();
          return billing?.plan === null ? null : billing;
        },
        consentToOnDemand: async () => (await backend.get()).client.consentToOnDemand(),
        searchCbb: async (query) => (await backend.get()).client.searchCbbs(query),
        registry: async () => (await backend.get()).client,
      },
      account,
      pushes,
      env,
      tools: () => listTools(env),
      runTool: (request) => runOnWorkspace({ ...request, env, signal: stopping.signal }),
      importSpec: async (name, bytes) => {
        const { markdown, notes, source } = await importSpec(name, bytes);
        return { markdown, notes: [...notes], source, ...(await checkedSpec(name, markdown)) };
      },
      checkSpec: checkedSpec,
    },
    close: () => {
      stopping.abort();
      return backend.close();
    },
  };
}

/**
 * Pages of the ledger read on, so that sums are sums of everything; beyond the limit the page says that there is more.
 */
const MAX_USAGE_ROWS = 50_000;

async function wholeUsage(
  client: BackendConnection['client'],
  filter: { jobId: string | null; from: string | null; to: string | null },
): Promise<UsageSummary> {
  const first = await client.usage(filter);
  const rows: UsageRow[] = [...first.rows];
  let cursor = first.next_cursor;
  while (cursor !== null && rows.length < MAX_USAGE_ROWS) {
    const page = await client.usage({ ...filter, cursor });
    rows.push(...page.rows);
    cursor = page.next_cursor;
  }
  return { ...first, rows, next_cursor: cursor };
}

interface SharedBackend {
  get(): Promise<BackendConnection>;
  /** the same connection for a job, which keeps it until it is released */
  hold(): Promise<BackendConnection>;
  /** models, keys or proxy changed: the embedded backend is started anew as soon as no job needs the present one */
  renew(): void;
  close(): Promise<void>;
}

/** One connection for the life of the shell; taken up again when the backend died. */
function sharedBackend(environment: () => Promise<NodeJS.ProcessEnv>, pushes: PushHub): SharedBackend {
  let connection: Promise<BackendConnection> | null = null;
  let holders = 0;
  let stale = false;
  const report = (state: 'starting' | 'ready' | 'down', error: GenrtlError | null = null): void => {
    pushes.publish({ push: 'backend.state', payload: { state, error: error?.toBody() ?? null } });
  };
  const open = (): Promise<BackendConnection> => {
    const opening = environment().then((env) => connectBackend(env, { onStarting: () => report('starting') }));
    opening.then(
      () => report('ready'),
      (error: GenrtlError) => {
        report('down', error);
        connection = null;
      },
    );
    return opening;
  };
  const letGo = async (): Promise<void> => {
    const old = connection;
    connection = null;
    await (await old?.catch(() => null))?.release();
  };
  const get = async (): Promise<BackendConnection> => {
    if (stale && holders === 0) {
      stale = false;
      const gone = letGo();
      connection = gone.then(open);
    }
    const asked = (connection ??= open());
    const known = await asked;
    if (await known.alive()) return known;
    // of many who find it dead one opens the next
    if (connection === asked) connection = open();
    return connection ?? get();
  };
  return {
    get,
    hold: async () => {
      const known = await get();
      holders += 1;
      return {
        ...known,
        release: async () => {
          holders -= 1;
        },
      };
    },
    renew: () => {
      stale = true;
    },
    close: letGo,
  };
}
