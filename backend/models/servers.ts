// Further OpenAI-compatible servers beside the one of OPENAI_BASE_URL: each with the models that it answers for. Their
// keys stand in variables that they name; no key of another server is ever sent to them.
import { GenrtlError } from '@genrtl/contracts';
import { ModelServers } from '@genrtl/contracts/settings.ts';
import type { Endpoint, ModelConfig } from './config.ts';

export interface ModelServer {
  readonly name: string;
  readonly models: readonly string[];
  readonly endpoint: Endpoint;
}

const HINT =
  'For instance GENRTL_MODEL_SERVERS=\'[{"name":"gpu2","url":"http://gpu2:8000/v1","models":["qwen3-coder"],"key_env":null}]\'.';

/** `checkUrl` throws USAGE and gives the address without its last slash. Throws USAGE naming what is wrong. */
export function parseModelServers(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  checkUrl: (name: string, text: string) => string,
): ModelServer[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new GenrtlError('USAGE', 'GENRTL_MODEL_SERVERS is not JSON.', { hint: HINT, cause });
  }
  const parsed = ModelServers.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new GenrtlError(
      'USAGE',
      `GENRTL_MODEL_SERVERS: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}.`,
      { hint: HINT },
    );
  }
  return parsed.data.map(({ name, url, models, key_env: keyName }) => {
    const key = keyName === null ? null : (env[keyName]?.trim() ?? '');
    if (key !== null && /[\r\n\0]/.test(key)) throw new GenrtlError('USAGE', `${keyName} holds a line break.`);
    return {
      name,
      models,
      endpoint: { baseUrl: checkUrl(`GENRTL_MODEL_SERVERS (${name})`, url), key: key === '' ? null : key },
    };
  });
}

/** The server that answers for a model of this name: the first that lists it, else the one of OPENAI_BASE_URL. */
export const compatibleEndpoint = (config: ModelConfig, model: string): Endpoint | null =>
  config.servers.find((server) => server.models.includes(model))?.endpoint ?? config.compatible;

export const isListed = (config: ModelConfig, model: string): boolean =>
  config.servers.some((server) => server.models.includes(model));
