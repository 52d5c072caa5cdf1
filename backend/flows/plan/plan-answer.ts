// The plan on the wire: a JSON schema that strict structured output accepts, and the way back to the product's own
// shape.
import { isRecord } from '../../models/failures.ts';

const text = { type: 'string' } as const;
const list = (items: Schema): Schema => ({ type: 'array', items });
const choice = (...values: string[]): Schema => ({ type: 'string', enum: values });
const optional = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
/** Strict output demands every member; optional ones may be null. */
const object = (properties: Record<string, Schema>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
type Schema = Readonly<Record<string, unknown>>;

const moduleSchema = object({
  name: text,
  purpose: text,
  ports: list(object({ name: text, direction: choice('input', 'output', 'inout'), width: text, description: text })),
  parameters: list(object({ name: text, default: text, description: text })),
  clocks: list(text),
  resets: list(object({ name: text, active: choice('low', 'high'), async: { type: 'boolean' } })),
  instances: list(object({ name: text, of: text, cbb: optional(text) })),
});

export const PLAN_SCHEMA: Record<string, unknown> = object({
  title: text,
  summary: text,
  top: moduleSchema,
  modules: list(moduleSchema),
  cbb_requirements: list(
    object({
      id: text,
      function: text,
      protocol: optional(text),
      width: optional({ type: 'integer' }),
      depth: optional({ type: 'integer' }),
      clock_domains: optional({ type: 'integer' }),
      parameters: optional(list(object({ name: text, value: text }))),
      needs_tb: { type: 'boolean' },
    }),
  ),
  verification: object({ checks: list(object({ id: text, text, spec_line: optional({ type: 'integer' }) })) }),
  files: list(object({ path: text, purpose: text })),
  assumptions: list(text),
  questions: list(text),
});

/**
 * Undoes the wire's conventions: null members vanish, `parameters` given as name/value pairs of a requirement become a
 * record. Everything else passes through unchanged; whether it is a plan is for checkPlan to say.
 */
export function fromPlanWire(answer: unknown): unknown {
  const plain = withoutNulls(answer, 0);
  if (!isRecord(plain)) return plain;
  const requirements = plain['cbb_requirements'];
  if (!Array.isArray(requirements)) return plain;
  return { ...plain, cbb_requirements: requirements.map(withParameterRecord) };
}

function withParameterRecord(requirement: unknown): unknown {
  if (!isRecord(requirement) || !Array.isArray(requirement['parameters'])) return requirement;
  const entries = requirement['parameters'].map((pair: unknown): [string, unknown] | null =>
    isRecord(pair) && typeof pair['name'] === 'string' ? [pair['name'], pair['value']] : null,
  );
  if (entries.some((entry) => entry === null)) return requirement;
  return { ...requirement, parameters: Object.fromEntries(entries.filter((entry) => entry !== null)) };
}

/** Deeper than any plan; a bomb of brackets must not exhaust the stack. */
const MAX_DEPTH = 24;

function withoutNulls(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => withoutNulls(item, depth + 1));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member, depth + 1)]),
  );
}
