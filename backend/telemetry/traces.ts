// Spans of what a process does, from the request to the provider. Without OTEL_EXPORTER_OTLP_ENDPOINT nothing is
// recorded and nothing is loaded beside the interface. Attributes are ids, kinds and numbers, never text of persons or
// models.
import { context, propagation, SpanStatusCode, trace, TraceFlags, type Attributes } from '@opentelemetry/api';
import { GenrtlError } from '@genrtl/contracts';

/** What spans may say; a name that is not here does not compile. */
export interface TraceAttributes {
  readonly 'http.request.method'?: string;
  readonly 'http.route'?: string;
  readonly 'http.response.status_code'?: number;
  readonly 'enduser.id'?: string;
  readonly 'genrtl.run_id'?: string;
  readonly 'genrtl.run_kind'?: string;
  readonly 'genrtl.generation'?: number;
  /** `<flow>@<version>` */
  readonly 'genrtl.flow'?: string;
  readonly 'genrtl.intent'?: string;
  readonly 'genrtl.document_id'?: string;
  readonly 'genrtl.step'?: string;
  readonly 'genrtl.step_type'?: string;
  readonly 'gen_ai.provider.name'?: string;
  readonly 'gen_ai.request.model'?: string;
  readonly 'gen_ai.usage.input_tokens'?: number;
  readonly 'gen_ai.usage.output_tokens'?: number;
  readonly 'genrtl.cost_micro_usd'?: number;
}

const tracer = (): ReturnType<typeof trace.getTracer> => trace.getTracer('genrtl');

/**
 * The body within a span; `annotate` adds what is known only later. An error gives the span its code, not its words.
 */
export async function traced<T>(
  name: string,
  attributes: TraceAttributes,
  body: (annotate: (more: TraceAttributes) => void) => Promise<T>,
): Promise<T> {
  return tracer().startActiveSpan(name, { attributes: attributes as Attributes }, async (span) => {
    try {
      return await body((more) => span.setAttributes(more as Attributes));
    } catch (error) {
      const code = error instanceof GenrtlError ? error.code : 'INTERNAL';
      span.setStatus({ code: SpanStatusCode.ERROR, message: code });
      throw error;
    } finally {
      span.end();
    }
  });
}

const PARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The body as part of the trace that a `traceparent` (W3C Trace Context) names; of none when it is absent or no such
 * thing.
 */
export function withinTrace<T>(parent: string | null | undefined, body: () => T): T {
  if (parent === null || parent === undefined || !PARENT.test(parent)) return body();
  return context.with(propagation.extract(context.active(), { traceparent: parent }), body);
}

/** The `traceparent` of the present span, or null when none is recorded. */
export function traceParent(): string | null {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined || (span.traceFlags & TraceFlags.SAMPLED) === 0) return null;
  return `00-${span.traceId}-${span.spanId}-01`;
}
