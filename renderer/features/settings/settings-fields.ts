// Where each setting stands in the dialog, and under which text: search and the plain switches are made from it. A
// setting that is not here does not compile.
import type { UserSettings } from '@genrtl/contracts';

export const SECTIONS = ['general', 'job', 'models', 'tools', 'keys', 'about'] as const;
export type Section = (typeof SECTIONS)[number];

/** null: it has no field */
type Place = readonly [section: Section, text: string] | null;

export const FIELDS = {
  language: ['general', 'settings.language'],
  theme: ['general', 'settings.theme'],
  proxy: ['general', 'settings.proxy'],
  notify: ['general', 'settings.notify'],
  live_lint: ['general', 'settings.liveLint'],
  inline_suggestions: ['general', 'settings.inlineSuggestions'],
  suggest_in_comments: ['general', 'settings.suggestInComments'],
  ai_retention: ['general', 'settings.aiNoRetention'],
  model: ['job', 'settings.model'],
  max_usd: ['job', 'settings.cap'],
  max_repairs: ['job', 'settings.repairs'],
  lint_tool: ['job', 'settings.lintTool'],
  sim_tool: ['job', 'settings.simTool'],
  gates: ['job', 'settings.gates'],
  min_strength: null,
  openai_base_url: ['models', 'settings.openaiUrl'],
  anthropic_base_url: ['models', 'settings.anthropicUrl'],
  default_model: ['models', 'settings.siteModel'],
  model_servers: ['models', 'settings.further.title'],
  model_prices: ['models', 'settings.prices'],
  confinement: ['tools', 'confinement.title'],
  tool_folders: ['tools', 'settings.folders'],
  keys: ['keys', 'settings.sections.keys'],
} as const satisfies Record<keyof UserSettings, Place>;

/** What one looks for as well, though it is no setting. */
const BESIDES = [
  ['models', 'settings.keys'],
  ['models', 'settings.offered'],
  ['about', 'settings.shell'],
] as const satisfies readonly Place[];

/** Each a box with a tick, one below the other. */
export const SWITCHES = ['live_lint', 'inline_suggestions', 'suggest_in_comments'] as const;

/** The texts of a section's fields. */
export const textsOf = (section: Section) =>
  [...Object.values(FIELDS), ...BESIDES].flatMap((place) => (place !== null && place[0] === section ? [place[1]] : []));
