// The person's settings with their defaults, and the names of the keys that they may set.
import { z } from 'zod';
import { Gates } from './job.ts';
import { UsdString } from './money.ts';

export const Language = z.enum(['en', 'zh-CN']);
export type Language = z.infer<typeof Language>;
export const Theme = z.enum(['dark', 'light']);
export type Theme = z.infer<typeof Theme>;

/** OpenAI-compatible servers beside the first one, with the models that each answers for. */
export const ModelServers = z
  .array(
    z.object({
      name: z.string().regex(/^[\w.:-]{1,60}$/),
      url: z.url(),
      models: z.array(z.string().min(1).max(200)).min(1).max(500),
      /**
       * the variable of the environment that holds its key, never that of OpenAI or Anthropic; null: it wants none
       */
      key_env: z
        .string()
        .regex(/^(?!OPENAI_|ANTHROPIC_)[A-Z][A-Z0-9_]{0,50}_API_KEY$/)
        .nullable(),
    }),
  )
  .max(20);
export type ModelServers = z.infer<typeof ModelServers>;

/** The person's settings; `gates` is the default that a workspace may override at the start of a job. */
export const UserSettings = z.object({
  language: Language,
  theme: Theme,
  gates: Gates,
  max_usd: z.string(),
  max_repairs: z.number().int().min(0).max(50),
  model: z.string().nullable(),
  lint_tool: z.string(),
  sim_tool: z.string(),
  /** share of mutants that the benches of a job have to catch; reaching it passes */
  min_strength: z.number().min(0).max(1),
  /**
   * `auto`: code that jobs wrote runs in a sandbox, and where none can be had the person is asked. `off`: it never does
   */
  confinement: z.enum(['auto', 'off']),
  /** absolute folders that are searched for tools before PATH */
  tool_folders: z.array(z.string().max(1000)).max(20),
  openai_base_url: z.url().nullable(),
  anthropic_base_url: z.url().nullable(),
  model_servers: ModelServers,
  /** of the OpenAI-compatible server */
  default_model: z.string().max(200).nullable(),
  /** dollars per million tokens by model name, for models without a rate card */
  model_prices: z.record(z.string(), z.object({ input: UsdString, output: UsdString, cached: UsdString.optional() })),
  proxy: z.url().nullable(),
  /** a notification of the system when a long job ends while the window is in the background */
  notify: z.boolean(),
  /** keys of commands and panels by `command.NAME` and `panel.NAME`, as `Ctrl+Shift+M`; '' for none */
  keys: z.record(z.string().max(60), z.string().max(40)),
  /** the project's linter looks at what is typed, half a second after the last key */
  live_lint: z.boolean(),
  /** suggestions at the cursor while typing; without a model there are none whatever this says */
  inline_suggestions: z.boolean(),
  suggest_in_comments: z.boolean(),
  /** `none`: the server keeps no text of AI requests */
  ai_retention: z.enum(['default', 'none']),
});
export type UserSettings = z.infer<typeof UserSettings>;

/** Defaults: verilator lint, icarus simulation, a cap of 20 dollars; every gate asks in the app. */
export function defaultSettings(locale: string): UserSettings {
  return {
    language: locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en',
    theme: 'dark',
    gates: { plan: 'ask', purchase: 'ask', patch: 'auto' },
    max_usd: '20.00',
    max_repairs: 5,
    model: null,
    lint_tool: 'verilator',
    sim_tool: 'icarus',
    min_strength: 0.6,
    confinement: 'auto',
    tool_folders: [],
    openai_base_url: null,
    anthropic_base_url: null,
    model_servers: [],
    default_model: null,
    model_prices: {},
    proxy: null,
    notify: true,
    keys: {},
    live_lint: true,
    // each is a paid request that nobody asked for in words
    inline_suggestions: false,
    suggest_in_comments: false,
    ai_retention: 'default',
  };
}

/** Keys that the person may set; they go to the secret store and never come back to the page. */
export const SECRET_NAMES = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'] as const;
export type SecretName = (typeof SECRET_NAMES)[number];
export const SecretsView = z.object({
  /** `memory`: this system has no key store; keys are forgotten when genRTL stops */
  keeps: z.enum(['key_store', 'memory', 'passphrase']),
  /**
   * the file that a passphrase of the person's encrypts, where there is no key store: none, or locked until the
   * passphrase is said; null where the key store is used
   */
  vault: z.enum(['none', 'locked', 'open']).nullable().default(null),
  /** `locked`: kept, and not to be read before the passphrase is said */
  secrets: z.array(
    z.object({ name: z.enum(SECRET_NAMES), from: z.enum(['environment', 'kept', 'locked']).nullable() }),
  ),
});
export type SecretsView = z.infer<typeof SecretsView>;
