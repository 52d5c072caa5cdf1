// Builds the services of a backend process on a running database, and takes them down again.
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ComposeOptions } from './compose-options.ts';
import { holdOwnName, openAccounts, openBilling, openPost } from './hosted-parts.ts';
import { LOCAL } from './accounts/principal.ts';
import { GroupWriter } from './db/group-writer.ts';
import { createPool, migrate, ping, reading, readMigrations, repeating } from './db/index.ts';
import { randomUUID } from 'node:crypto';
import { Beginnings, BEGINNING_CONNECTIONS } from './ai/beginnings.ts';
import { AiConfigFile } from './ai/config-file.ts';
import { insertSegments, topicOf } from './ai/repository/segments.ts';
import { ResponseCache } from './ai/response-cache.ts';
import { AiRuns } from './ai/runs.ts';
import { KnownTerms } from './billing/known-terms.ts';
import { backlog } from './billing/repository/backlog.ts';
import { HoldSlices } from './ai/hold-slices.ts';
import { SegmentWriter } from './ai/segment-writer.ts';
import { StepWriter } from './steps/step-writer.ts';
import { insertFlowSteps } from './steps/repository/steps.ts';
import { AI_SETTINGS } from './ai/services.ts';
import { DownloadTokens } from './http/download-tokens.ts';
import { sameSecret } from '@genrtl/disk/same-secret.ts';
import { RequestLimiter } from './http/request-limits.ts';
import { startHttp, type HttpServer } from './http/server.ts';
import { engineSchema, JobEngine } from './jobs/engine.ts';
import { countOf, limitsFromEnvironment, OWN_MACHINE } from './jobs/limits.ts';
import { RunBus } from './jobs/run-bus.ts';
import { Callbacks } from './jobs/callbacks.ts';
import type { JobServices } from './jobs/services.ts';
import { sweep } from './jobs/sweeper.ts';
import { TokenStreams } from './jobs/token-stream.ts';
import type { Routes } from './models/router.ts';
import { FLOWS } from './flows/index.ts';
import { BreakerBoard } from './models/breaker.ts';
import { ClientModels, sharedModels } from './models/client-models.ts';
import { createModelRouter } from './models/index.ts';
import { guardOf } from './network/guard.ts';
import { measured } from './models/measured.ts';
import { queueState } from './jobs/repository/runs.ts';
import { openTools } from './tool-runner/open.ts';
import { openTelemetry } from './telemetry/open.ts';
import { openObjects } from './objects/index.ts';
import { secretOf } from './processes/home.ts';
import { Deletions, deletionTimes } from './privacy/deletion.ts';
import { publishBuiltins } from './registry/catalog.ts';
import { Publishing } from './registry/publishing.ts';
import { createRegistryRepository } from './registry/repository/versions.ts';
import { publicationLog } from './registry/repository/publications.ts';
import { createRegistry } from './registry/registry.ts';
import { readKeyRing } from './registry/key-ring.ts';
import { openSigningKey } from './registry/sign.ts';

export interface ComposedBackend {
  /** null for a worker, which answers nobody */
  readonly url: string | null;
  readonly token: string;
  readonly engine: JobEngine;
  readonly ai: AiRuns;
  /** of the operator's listener; null where there is none */
  readonly operatorPort: number | null;
  /** Takes no new work, gives what is under way so long to end, then ends. */
  stop(drainMs?: number): Promise<void>;
}

const SWEEP_MS = 30_000;
const HEARTBEAT_MS = 15_000;
const STOP_GRACE_MS = 150;

export async function composeBackend(options: ComposeOptions): Promise<ComposedBackend> {
  const { home, log, env, role } = options;
  const onError = (error: Error): void => {
    log.warn('a database connection broke', { error: error.message });
  };
  const pool = createPool(options.databaseUrl, { max: countOf(env, 'GENRTL_DATABASE_CONNECTIONS', 12), onError });
  const beginningPool = createPool(options.databaseUrl, { max: BEGINNING_CONNECTIONS, lasting: true, onError });
  // a wrong address is told at once; what is away later is waited for
  await ping(pool);
  const applied = await migrate(pool, await readMigrations(), [engineSchema(options.databaseUrl)]);
  if (applied.length > 0) log.info('migrations applied', { names: applied });
  const objects = await openObjects(home.objects, options.embedded ? {} : env, options.embedded);
  const repository = createRegistryRepository(pool);
  const packages = createRegistry({ repository, objects, keys: () => readKeyRing(home.secrets) });
  const aiConfig = new AiConfigFile(env['GENRTL_AI_CONFIG'] ?? join(home.root, 'ai.yaml'), log);
  await aiConfig.open();
  const breakers = options.breakers ?? new BreakerBoard();
  const routes = (): Routes => aiConfig.current.routes;
  const guard = options.embedded ? null : guardOf(env);
  const base = measured(options.router ?? createModelRouter({ env, guard, breakers, routes }));
  // A backend that its clients share is nobody's: each brings its own models and keys.
  const clients =
    options.leases === null || options.router !== undefined
      ? null
      : new ClientModels(base, (own) => measured(createModelRouter({ env: own, breakers, routes })));
  const bus = new RunBus(options.databaseUrl, pool);
  const group = new GroupWriter();
  const steps = new StepWriter(
    (runs) => repeating(() => insertFlowSteps(pool, runs)),
    (error) => {
      log.warn('steps of runs were not recorded', { error: String(error) });
    },
    group,
  );
  const limits = options.embedded ? OWN_MACHINE : limitsFromEnvironment(env);
  const tools = openTools({ parallel: countOf(env, 'GENRTL_TOOLS_PER_PROCESS', 2), hidden: [home.root], env });
  const terms = new KnownTerms(pool);
  const jobs: JobServices = {
    pool,
    terms,
    objects,
    packages,
    models: clients ?? sharedModels(base),
    flows: options.flows ?? FLOWS,
    tools,
    log,
    news: bus,
    tokens: new TokenStreams({ pool, news: bus, log }, group),
    steps,
    payloads: () => aiConfig.current.features.payloads,
    limitsOf: options.limitsOf ?? (() => limits),
  };
  const executorId = options.embedded ? 'embedded' : env['GENRTL_EXECUTOR_ID']?.trim() || `${hostname()}-${role}`;
  const name = await holdOwnName(options, executorId, () => telemetry.health.drain());
  const engine = new JobEngine(jobs, {
    databaseUrl: options.databaseUrl,
    role,
    bus,
    capacity: options.embedded ? null : countOf(env, 'GENRTL_JOBS_PER_PROCESS', 16),
    executorId,
  });
  // Tools run where jobs do, for others who wrote what they run: never without a sandbox.
  const confines = !options.embedded && role !== 'api';
  if (confines)
    await tools.check().then(
      () => log.info('the sandbox for tools works'),
      (error: unknown) => log.error('no tool runs here: there is no sandbox', { error: String(error) }),
    );
  const telemetry = await openTelemetry({
    env,
    probes: {
      database: () => ping(pool),
      objects: () => objects.check(),
      ...(confines ? { sandbox: () => tools.check() } : {}),
    },
    states: {
      queue: () => reading(pool, queueState),
      backlog: () => reading(pool, backlog),
      pool: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
      breakers: () => breakers.states(),
      activeRuns: () => engine.activeRuns + ai.active,
    },
    process: { version: options.version, role, instance: executorId },
  });
  const cache = new ResponseCache();
  const owner = randomUUID();
  const settings = { ...AI_SETTINGS, ...options.ai };
  const slices = new HoldSlices({ pool, owner, idleMs: settings.sliceIdleMs, log });
  const ai = new AiRuns({
    config: aiConfig,
    pool,
    objects,
    models: jobs.models,
    flows: jobs.flows,
    log,
    owner,
    cache,
    settings,
    terms,
    slices,
    beginnings: new Beginnings(beginningPool, slices.workflowId),
    writer: new SegmentWriter(
      async (segments) => {
        await repeating(() => insertSegments(pool, segments));
        bus.announce(segments.map(topicOf));
      },
      (error) => {
        log.warn('events of interactive runs were not stored', { error: String(error) });
      },
      group,
    ),
    steps,
  });
  const publishing = new Publishing({
    repository,
    objects,
    key: await openSigningKey(home.secrets),
    confined: !options.embedded,
    ...(options.gate === undefined ? {} : { gate: options.gate }),
    attempts: publicationLog(pool),
    onLost: (error) => log.warn('an attempt to publish was not written down', { error: String(error) }),
  });
  const publish = async (): Promise<void> => {
    const report = await publishBuiltins({ repository, objects, key: await openSigningKey(home.secrets) });
    if (report.published.length > 0) log.info('packages published', { published: report.published });
    for (const { name, reason } of report.refused) log.warn('a package was left out', { name, reason });
  };
  await Promise.all([bus.connect(), publish()]);
  await engine.launch();
  await ai.launch({
    alone: options.embedded,
    onNews: (listener) => {
      bus.onRun(listener);
    },
  });
  const callbacks = new Callbacks({
    pool,
    log,
    secret: await secretOf(home.secrets, 'callbacks'),
    post: openPost(guard ?? guardOf({})),
  });
  if (role !== 'api') callbacks.open();
  const token = await secretOf(home.secrets, 'token');
  const accounts = await openAccounts(pool, options);
  const billing = await openBilling(pool, options, accounts);
  accounts?.onErased(() => {
    cache.clear();
  });
  const deletions =
    accounts === null
      ? null
      : new Deletions({
          pool,
          objects,
          log,
          ...deletionTimes(env),
          cancel: async (account, { runs, flowRuns }) => {
            for (const runId of runs) await engine.cancel(runId);
            for (const runId of flowRuns) await ai.cancel({ accountId: account, runId });
          },
          endBilling: async (account) => billing?.end(account),
          forget: ({ email }) => accounts.forget(email),
        });
  let http: HttpServer | null = null;
  if (role !== 'worker') {
    const hosts = new Set<string>(
      (env['GENRTL_ALLOWED_HOSTS'] ?? '')
        .split(',')
        .map((host) => host.trim().toLowerCase())
        .filter((host) => host !== ''),
    );
    const downloads = new DownloadTokens(await secretOf(home.secrets, 'downloads'));
    const listen = (port: number): Promise<HttpServer> =>
      startHttp(
        {
          pool,
          jobs,
          engine,
          bus,
          ai,
          downloads,
          publishing,
          repository,
          callbacks,
          deletions,
          billing,
          leases: options.leases,
          health: telemetry.health,
          clients,
          breakers,
          limiter: new RequestLimiter(),
          requestRate: limits.requests,
          version: options.version,
          embedded: options.embedded,
          heartbeatMs: HEARTBEAT_MS,
          accounts,
          principalOf: (credentials) =>
            accounts === null
              ? Promise.resolve(credentials.token !== null && sameSecret(credentials.token, token) ? LOCAL : null)
              : accounts.principalOf(credentials),
          allowedHosts: () => hosts,
        },
        { host: options.listen.host, port },
      );
    // The port of last time, so that clients of a crashed backend find the next one; any port when it is taken.
    http = await listen(options.listen.port).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE' && options.embedded) return listen(0);
      throw error;
    });
    for (const name of ['127.0.0.1', 'localhost', '[::1]']) hosts.add(`${name}:${http.port}`);
    if (accounts !== null) hosts.add(new URL(accounts.settings.publicUrl).host);
  }
  const sweeping = setInterval(() => {
    sweep(jobs, engine).catch((error: unknown) => {
      log.warn('sweeping failed', { error: String(error) });
    });
    accounts?.prune().catch((error: unknown) => {
      log.warn('expired sign-ins were not removed', { error: String(error) });
    });
    deletions?.sweep().catch((error: unknown) => {
      log.warn('deletions did not go on', { error: String(error) });
    });
    billing?.sweep().catch((error: unknown) => {
      log.warn('sweeping grants failed', { error: String(error) });
    });
    ai.sweep().catch((error: unknown) => {
      log.warn('sweeping interactive runs failed', { error: String(error) });
    });
    callbacks.prune().catch((error: unknown) => {
      log.warn('old callbacks were not removed', { error: String(error) });
    });
    void log.bound();
  }, SWEEP_MS);
  sweeping.unref();
  return {
    url: http === null ? null : `http://127.0.0.1:${http.port}`,
    token,
    engine,
    ai,
    operatorPort: telemetry.operatorPort,
    async stop(drainMs = 0) {
      telemetry.health.drain();
      clearInterval(sweeping);
      publishing.stop();
      // Meanwhile readers are still answered, and see the end of their runs.
      if (drainMs > 0) await Promise.all([ai.idle(drainMs), engine.stop(drainMs)]);
      // Readers are told the end of their runs before their connections go.
      await ai.stop();
      await callbacks.stop();
      aiConfig.close();
      await http?.close(STOP_GRACE_MS);
      await accounts?.close();
      if (drainMs === 0) await engine.stop();
      await bus.close();
      await telemetry.close();
      await name?.release();
      await Promise.all([pool.end(), beginningPool.end()]);
    },
  };
}
