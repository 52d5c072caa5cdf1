// Whether answers are what the API's own description says: the schema of an operation's response, compiled by an
// independent validator.
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';

interface Operation {
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
}

/**
 * Faults of one answer against the description; empty when it fits. A status that is not described counts as `default`.
 */
export function answerFaults(
  document: OpenApiDocument,
  method: string,
  path: string,
  status: number,
  body: unknown,
): string[] {
  const operation = document.paths[path]?.[method];
  if (operation === undefined) return [`${method} ${path} is not described`];
  const described = operation.responses[String(status)] ?? operation.responses['default'];
  const schema = described?.content?.['application/json']?.schema;
  if (schema === undefined) return [`${method} ${path} ${status} has no JSON schema`];
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  return validate(body)
    ? []
    : (validate.errors ?? []).map(
        (error) => `${method} ${path} ${status}: ${error.instancePath} ${error.message ?? ''}`,
      );
}
