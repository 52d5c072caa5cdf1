// A JSON schema that a client gave for the answer. It is hostile input: bounded, without references to elsewhere, and
// without patterns, which could take for ever; what is left out of the check is named.
import { GenrtlError } from '@genrtl/contracts';
import { unfenced } from '../flows/answers/unfenced.ts';

const MAX_CHARS = 64 * 1024;
const MAX_DEPTH = 32;
const MAX_PROBLEMS = 10;
/** Keywords that are not checked. */
const LEFT_OUT = new Set(['pattern', 'patternProperties', 'format', '$schema', '$id', '$async']);
/** Their members are names of the author's, their values schemas. */
const NAMED = new Set(['properties', '$defs', 'definitions', 'dependentSchemas']);
/** Their values are data. */
const DATA = new Set(['const', 'enum', 'default', 'examples', 'required', 'dependentRequired']);

export type Structured =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly string[] };

export interface AnswerSchema {
  /** keywords of the schema that answers are not checked against */
  readonly unchecked: readonly string[];
  read(answer: string): Structured;
}

/** Throws REQUEST_INVALID. */
export async function answerSchema(schema: Record<string, unknown>): Promise<AnswerSchema> {
  if (JSON.stringify(schema).length > MAX_CHARS) throw invalid(`has more than ${String(MAX_CHARS)} characters`);
  const unchecked = new Set<string>();
  const checked = withoutLeftOut(schema, unchecked, 0) as Record<string, unknown>;
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false });
  let validate: ReturnType<typeof ajv.compile>;
  try {
    validate = ajv.compile(checked);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : 'is none', error);
  }
  return {
    unchecked: [...unchecked].sort(),
    read(answer) {
      let value: unknown;
      try {
        value = JSON.parse(unfenced(answer, ''));
      } catch (error) {
        return { ok: false, problems: [error instanceof Error ? error.message : 'no JSON'] };
      }
      if (validate(value)) return { ok: true, value };
      const problems = (validate.errors ?? []).map(
        ({ instancePath, message }) => `${instancePath === '' ? 'the answer' : instancePath} ${message ?? 'is wrong'}`,
      );
      return { ok: false, problems: problems.slice(0, MAX_PROBLEMS) };
    },
  };
}

function withoutLeftOut(schema: unknown, unchecked: Set<string>, depth: number): unknown {
  if (depth > MAX_DEPTH) throw invalid(`is more than ${String(MAX_DEPTH)} levels deep`);
  if (Array.isArray(schema)) return schema.map((each) => withoutLeftOut(each, unchecked, depth + 1));
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(schema)) {
    if (LEFT_OUT.has(name)) {
      if (!name.startsWith('$')) unchecked.add(name);
    } else if (DATA.has(name)) kept.push([name, value]);
    else if (NAMED.has(name) && typeof value === 'object' && value !== null)
      kept.push([
        name,
        Object.fromEntries(
          Object.entries(value).map(([own, each]) => [own, withoutLeftOut(each, unchecked, depth + 2)] as const),
        ),
      ]);
    else kept.push([name, withoutLeftOut(value, unchecked, depth + 1)]);
  }
  return Object.fromEntries(kept);
}

const invalid = (message: string, cause?: unknown): GenrtlError =>
  new GenrtlError('REQUEST_INVALID', `schema: ${message}`, { cause });
