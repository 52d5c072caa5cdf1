// Which model servers are configured: read once from environment and settings, validated, keys kept apart from all that
// is shown.
import { GenrtlError } from '@genrtl/contracts';
import { keySource } from './key-file.ts';
import { DEFAULT_TIMEOUTS } from './transport/limits.ts';
import type { Connection, Timeouts } from './transport/limits.ts';
import type { NetworkGuard } from '../network/guard.ts';
import { parseModelPrices } from './rate-cards.ts';
import type { ModelPrices } from './rate-cards.ts';
import { parseModelServers } from './servers.ts';
import type { ModelServer } from './servers.ts';

/** One server: where it is and what opens it. */
export interface Endpoint {
  /** ends without a slash; provider paths such as `/chat/completions` are appended */
  readonly baseUrl: string;
  /** the one to send now: it may be another one for the next call */
  readonly key: string | null;
  /** every key that was sent and must not be shown; absent: `key` alone */
  readonly keys?: readonly string[];
}

export interface ModelConfig {
  readonly openai: Endpoint | null;
  readonly anthropic: Endpoint | null;
  readonly compatible: Endpoint | null;
  /** further compatible servers; what they list is theirs */
  readonly servers: readonly ModelServer[];
  /** default model of the compatible server */
  readonly defaultModel: string | null;
  readonly prices: ModelPrices;
  readonly connection: Connection;
}

/** What the application may set beside the environment; the environment wins. */
export interface ModelSettings {
  readonly openaiApiKey?: string;
  readonly openaiBaseUrl?: string;
  readonly anthropicApiKey?: string;
  readonly anthropicBaseUrl?: string;
  readonly defaultModel?: string;
  readonly prices?: ModelPrices;
  readonly timeouts?: Partial<Timeouts>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const OPENAI_BASE = 'https://api.openai.com/v1';
const ANTHROPIC_BASE = 'https://api.anthropic.com';

/**
 * A base URL on another host than api.openai.com makes the server `compatible`, with or without a key.
 * Throws USAGE when a URL or a number cannot be read.
 */
export function readModelConfig(
  env: Environment,
  settings: ModelSettings = {},
  guard: NetworkGuard | null = null,
): ModelConfig {
  const openai = keySource(
    'OPENAI_API_KEY',
    clean(env['OPENAI_API_KEY']) ?? clean(settings.openaiApiKey),
    clean(env['OPENAI_API_KEY_FILE']),
  );
  const openaiBase = baseUrl('OPENAI_BASE_URL', clean(env['OPENAI_BASE_URL']) ?? clean(settings.openaiBaseUrl));
  const anthropic = keySource(
    'ANTHROPIC_API_KEY',
    clean(env['ANTHROPIC_API_KEY']) ?? clean(settings.anthropicApiKey),
    clean(env['ANTHROPIC_API_KEY_FILE']),
  );
  const anthropicBase = baseUrl(
    'ANTHROPIC_BASE_URL',
    clean(env['ANTHROPIC_BASE_URL']) ?? clean(settings.anthropicBaseUrl),
  );
  const isOpenai = openaiBase === null || new URL(openaiBase).hostname === 'api.openai.com';
  const prices = clean(env['GENRTL_MODEL_PRICES']);
  const servers = clean(env['GENRTL_MODEL_SERVERS']);
  return {
    servers: servers === null ? [] : parseModelServers(servers, env, (name, text) => baseUrl(name, text) ?? text),
    openai: isOpenai && openai.key !== null ? withKey(openaiBase ?? OPENAI_BASE, openai) : null,
    compatible: !isOpenai && openaiBase !== null ? withKey(openaiBase, openai) : null,
    anthropic:
      anthropic.key === null ? null : withKey((anthropicBase ?? ANTHROPIC_BASE).replace(/\/v1$/, ''), anthropic),
    defaultModel: clean(env['GENRTL_MODEL']) ?? clean(settings.defaultModel),
    prices: { ...settings.prices, ...(prices === null ? {} : parseModelPrices(prices)) },
    connection: {
      proxy: proxyOf(env),
      guard,
      timeouts: {
        connectMs:
          duration(env, 'GENRTL_MODEL_CONNECT_TIMEOUT_MS') ??
          settings.timeouts?.connectMs ??
          DEFAULT_TIMEOUTS.connectMs,
        firstByteMs:
          duration(env, 'GENRTL_MODEL_FIRST_BYTE_TIMEOUT_MS') ??
          settings.timeouts?.firstByteMs ??
          DEFAULT_TIMEOUTS.firstByteMs,
        idleMs: duration(env, 'GENRTL_MODEL_IDLE_TIMEOUT_MS') ?? settings.timeouts?.idleMs ?? DEFAULT_TIMEOUTS.idleMs,
        totalMs:
          duration(env, 'GENRTL_MODEL_TOTAL_TIMEOUT_MS') ?? settings.timeouts?.totalMs ?? DEFAULT_TIMEOUTS.totalMs,
      },
    },
  };
}

function withKey(baseUrl: string, source: ReturnType<typeof keySource>): Endpoint {
  return {
    baseUrl,
    get key() {
      return source.key;
    },
    get keys() {
      return source.keys;
    },
  };
}

/** Every string that must never appear in a message; it grows as keys are rotated. */
export function secretsOf({ openai, anthropic, compatible, servers }: ModelConfig): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (const endpoint of [openai, anthropic, compatible, ...servers.map((server) => server.endpoint)]) {
        if (endpoint === null) continue;
        yield* endpoint.keys ?? [];
        if (endpoint.key !== null) yield endpoint.key;
      }
    },
  };
}

/** The variables as the field knows them; Node's agents read both spellings. */
function proxyOf(env: Environment): Record<string, string> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = clean(env[name]);
      return value === null ? [] : [[name, value] as const];
    }),
  );
}

function clean(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return null;
  // A key with a line break would end up as a second header.
  if (/[\r\n\0]/.test(trimmed))
    throw new GenrtlError('USAGE', 'A model setting holds a line break.', {
      hint: 'Set the key or URL without line breaks.',
    });
  return trimmed;
}

function baseUrl(name: string, text: string | null): string | null {
  if (text === null) return null;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new GenrtlError('USAGE', `${name} is not a URL.`, {
      hint: `Give the server's address, e.g. ${name}=http://127.0.0.1:8000/v1`,
    });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new GenrtlError('USAGE', `${name} must start with http:// or https://.`, {
      hint: `e.g. ${name}=http://127.0.0.1:8000/v1`,
    });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new GenrtlError('USAGE', `${name} must hold no user, password, query or fragment.`, {
      hint: 'Give the key in the API key variable.',
    });
  }
  return url.href.replace(/\/+$/, '');
}

function duration(env: Environment, name: string): number | null {
  const text = clean(env[name]);
  if (text === null) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 86_400_000) {
    throw new GenrtlError('USAGE', `${name} must be milliseconds between 1 and 86400000.`);
  }
  return value;
}
