// Recording of spans and their way to a collector, over OTLP with HTTP. Loaded only where an endpoint is set; the
// variables of OpenTelemetry (OTEL_EXPORTER_OTLP_HEADERS and so on) hold as they are documented there.
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

export interface TraceExport {
  /** of the collector, path included */
  readonly url: string;
  readonly delayMs: number;
  readonly version: string;
  readonly role: string;
  readonly instance: string;
}

/** Starts recording; returns what sends the rest and ends it. */
export function openTraceExporter(options: TraceExport): () => Promise<void> {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'genrtl-backend',
      'service.version': options.version,
      'service.instance.id': options.instance,
      'genrtl.role': options.role,
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: options.url }),
        scheduledDelayMillis: options.delayMs,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return async () => {
    await provider.shutdown().catch(() => undefined);
    trace.disable();
    propagation.disable();
    context.disable();
  };
}
