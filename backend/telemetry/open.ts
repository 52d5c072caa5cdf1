// What an operator sees of a process: health always; metrics, their port and traces where the environment asks for
// them.
import type { HealthProbes } from './health.ts';
import { HealthWatch } from './health.ts';
import type { StateReaders } from './metrics.ts';
import { readOperatorListen } from './operator-server.ts';

/** Spans are sent together, this long after the first. */
const TRACE_DELAY_MS = 5_000;

export interface Telemetry {
  readonly health: HealthWatch;
  /** of the operator's listener; null where there is none */
  readonly operatorPort: number | null;
  close(): Promise<void>;
}

export interface TelemetryOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly probes: HealthProbes;
  readonly states: Omit<StateReaders, 'health'>;
  readonly process: { readonly version: string; readonly role: string; readonly instance: string };
}

/** Throws BACKEND_START_FAILED when the operator's port is set wrongly. */
export async function openTelemetry({ env, probes, states, process }: TelemetryOptions): Promise<Telemetry> {
  const listen = readOperatorListen(env);
  const health = new HealthWatch(probes);
  const closers: (() => void | Promise<void>)[] = [];
  let operatorPort: number | null = null;
  if (listen !== null) {
    const [{ openMetrics }, { startOperatorServer }] = await Promise.all([
      import('./metrics.ts'),
      import('./operator-server.ts'),
    ]);
    const metrics = openMetrics({ ...states, health: () => health.report() }, { role: process.role });
    const server = await startOperatorServer(listen, { metrics, health });
    operatorPort = server.port;
    closers.push(
      () => server.close(),
      () => {
        metrics.close();
      },
    );
  }
  const url = endpointOf(env);
  if (url !== null) {
    const { openTraceExporter } = await import('./trace-exporter.ts');
    closers.push(
      openTraceExporter({ ...process, url, delayMs: Number(env['OTEL_BSP_SCHEDULE_DELAY']) || TRACE_DELAY_MS }),
    );
  }
  return {
    health,
    operatorPort,
    async close() {
      health.close();
      for (const close of closers) await close();
    },
  };
}

/** As the OpenTelemetry specification reads them: the one for traces as it is, the general one with its path added. */
function endpointOf(env: NodeJS.ProcessEnv): string | null {
  const own = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'];
  if (own !== undefined && own !== '') return own;
  const general = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return general === undefined || general === '' ? null : `${general.replace(/\/+$/, '')}/v1/traces`;
}
