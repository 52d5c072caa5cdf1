// The person's settings, recent workspaces and window layouts in GENRTL_HOME/settings.json. Secrets never come here.
import { createHash } from 'node:crypto';
import Conf from 'conf';
import { z } from 'zod';
import { UserSettings } from '@genrtl/contracts';
import type { SettingsStore } from '../ipc/services.ts';

const RECENT = 12;
const LAYOUTS = 40;

const Stored = z.object({
  settings: UserSettings.partial(),
  recent: z.array(z.string()),
  layouts: z.record(z.string(), z.string()),
});
type Stored = z.infer<typeof Stored>;

const EMPTY: Stored = { settings: {}, recent: [], layouts: {} };

/** Defaults of design section 7: verilator lint, icarus simulation, a cap of 20 dollars; every gate asks in the app. */
export function defaultSettings(locale: string): UserSettings {
  return {
    language: locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en', theme: 'dark',
    gates: { plan: 'ask', purchase: 'ask', patch: 'auto' },
    max_usd: '20.00', max_repairs: 5, model: null, lint_tool: 'verilator', sim_tool: 'icarus',
    tool_folders: [], openai_base_url: null, anthropic_base_url: null, default_model: null, model_prices: {}, proxy: null, notify: true,
  };
}

const layoutKey = (workspace: string): string => createHash('sha256').update(workspace).digest('hex').slice(0, 16);

/** `home` is GENRTL_HOME. A damaged file is set aside by starting from the defaults, never by refusing to start. */
export function openSettings(home: string, locale: string): SettingsStore {
  const conf = new Conf<Record<string, unknown>>({ cwd: home, configName: 'settings', clearInvalidConfig: true, configFileMode: 0o600, accessPropertiesByDotNotation: false });
  const load = (): Stored => {
    const parsed = Stored.safeParse({ ...EMPTY, ...conf.store });
    return parsed.success ? parsed.data : EMPTY;
  };
  return {
    read: () => ({ ...defaultSettings(locale), ...load().settings }) as UserSettings,
    write: (change) => {
      const settings = Object.fromEntries(Object.entries({ ...load().settings, ...change }).filter(([, value]) => value !== undefined));
      conf.set('settings', settings);
    },
    recent: () => load().recent,
    remember: (workspace) => {
      conf.set('recent', [workspace, ...load().recent.filter((other) => other !== workspace)].slice(0, RECENT));
    },
    layout: (workspace) => load().layouts[layoutKey(workspace)] ?? null,
    setLayout: (workspace, layout) => {
      const key = layoutKey(workspace);
      const others = Object.entries(load().layouts).filter(([other]) => other !== key).slice(0, LAYOUTS - 1);
      conf.set('layouts', Object.fromEntries([[key, layout], ...others]));
    },
  };
}
