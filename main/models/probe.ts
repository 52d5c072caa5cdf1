// Whether a model server answers with the person's settings, and which models it names: one GET, nothing is asked of a
// model and nothing is charged.
import { GenrtlError, type ModelProbe } from '@genrtl/contracts';
import { z } from 'zod';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 4_000_000;
const MAX_MODELS = 2000;

const Listing = z.object({ data: z.array(z.object({ id: z.string().max(200) })) });

type ServerName = ModelProbe['server'];

interface Server {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Variables as backend and tools get them; throws MODEL_AUTH where a key is missing. */
function serverOf(server: ServerName, env: NodeJS.ProcessEnv): Server {
  const base = (text: string): string => text.replace(/\/+$/, '');
  if (server === 'anthropic') {
    const key = env['ANTHROPIC_API_KEY'] ?? '';
    if (key === '') throw new GenrtlError('MODEL_AUTH', 'No key is set for Anthropic.');
    return {
      url: `${base(env['ANTHROPIC_BASE_URL'] ?? 'https://api.anthropic.com')}/v1/models?limit=1000`,
      headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
    };
  }
  const own = env['OPENAI_BASE_URL'] ?? '';
  const key = env['OPENAI_API_KEY'] ?? '';
  // a server on the site may need no key
  if (own === '' && key === '') throw new GenrtlError('MODEL_AUTH', 'No key is set for OpenAI.');
  return {
    url: `${base(own === '' ? 'https://api.openai.com/v1' : own)}/models`,
    headers: key === '' ? {} : { Authorization: `Bearer ${key}` },
  };
}

/** Throws MODEL_AUTH, MODEL_UNAVAILABLE, MODEL_TIMEOUT, MODEL_MALFORMED. */
export async function probeModels(
  name: ServerName,
  env: NodeJS.ProcessEnv,
  further?: { readonly url: string; readonly keyEnv: string | null },
): Promise<ModelProbe> {
  const server =
    further === undefined
      ? serverOf(name, env)
      : serverOf('openai', {
          OPENAI_BASE_URL: further.url,
          OPENAI_API_KEY: further.keyEnv === null ? '' : env[further.keyEnv],
        });
  const { host } = new URL(server.url);
  const started = performance.now();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let text: string;
  try {
    const response = await fetch(server.url, { headers: server.headers, signal, redirect: 'error' });
    text = await readBounded(response);
    if (response.status === 401 || response.status === 403)
      throw new GenrtlError('MODEL_AUTH', `${host} refuses the key (${response.status}).`);
    if (!response.ok) throw new GenrtlError('MODEL_UNAVAILABLE', `${host} answers with ${response.status}.`);
  } catch (error) {
    if (error instanceof GenrtlError) throw error;
    if (signal.aborted) throw new GenrtlError('MODEL_TIMEOUT', `${host} did not answer within 10 s.`, { cause: error });
    throw new GenrtlError('MODEL_UNAVAILABLE', `${host} cannot be reached.`, { cause: error });
  }
  const models = listingOf(text);
  if (models === null) throw new GenrtlError('MODEL_MALFORMED', `${host} answers, but names no models.`);
  return { server: name, host, models, took_ms: Math.round(performance.now() - started) };
}

function listingOf(text: string): string[] | null {
  try {
    const parsed = Listing.safeParse(JSON.parse(text));
    return parsed.success ? [...new Set(parsed.data.data.map(({ id }) => id))].sort().slice(0, MAX_MODELS) : null;
  } catch {
    return null;
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new GenrtlError('MODEL_MALFORMED', 'The model server answers with too much.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
