// The environment that tools and backend are started with: what genRTL itself was started with, filled up from the
// person's settings.
import path from 'node:path';
import type { UserSettings } from '@genrtl/contracts';

/** Settings that the backend reads when it starts. */
const OF_BACKEND = [
  'openai_base_url',
  'anthropic_base_url',
  'model_servers',
  'default_model',
  'model_prices',
  'proxy',
] as const satisfies readonly (keyof UserSettings)[];

export const needsNewBackend = (
  change: { readonly [Name in keyof UserSettings]?: UserSettings[Name] | undefined },
): boolean => OF_BACKEND.some((name) => change[name] !== undefined);

/** Variables that the settings stand for; an empty setting stands for none. */
function variablesOf(settings: UserSettings): Record<string, string | null> {
  const prices = settings.model_prices;
  return {
    OPENAI_BASE_URL: settings.openai_base_url,
    ANTHROPIC_BASE_URL: settings.anthropic_base_url,
    GENRTL_MODEL_SERVERS: settings.model_servers.length === 0 ? null : JSON.stringify(settings.model_servers),
    GENRTL_MODEL: settings.default_model,
    GENRTL_MODEL_PRICES: Object.keys(prices).length === 0 ? null : JSON.stringify(prices),
    HTTP_PROXY: settings.proxy,
    HTTPS_PROXY: settings.proxy,
    NO_PROXY: settings.proxy === null ? null : 'localhost,127.0.0.1,::1',
  };
}

/**
 * One object that is handed out once and follows the settings: what the environment gives itself always wins.
 */
export class LiveEnvironment {
  readonly env: NodeJS.ProcessEnv;
  readonly #given: NodeJS.ProcessEnv;

  constructor(given: NodeJS.ProcessEnv) {
    this.#given = given;
    this.env = { ...given };
  }

  follow(settings: UserSettings): void {
    for (const [name, value] of Object.entries(variablesOf(settings))) {
      if ((this.#given[name] ?? '') !== '') continue;
      if (value === null) delete this.env[name];
      else this.env[name] = value;
    }
    const folders = settings.tool_folders.filter((folder) => path.isAbsolute(folder));
    this.env['PATH'] = [...folders, this.#given['PATH'] ?? ''].filter((part) => part !== '').join(path.delimiter);
  }
}
