// The person's settings, recent workspaces and window layouts in GENRTL_HOME/settings.json. Secrets never come here.
import { makeHome } from '../installation/home.ts';
import { createHash } from 'node:crypto';
import Conf from 'conf';
import { SETTINGS_NAME, storedSettings, withDefaults, type StoredSettings } from './settings-file.ts';
import type { UserSettings } from '@genrtl/contracts';
import type { IpcRequest } from '@genrtl/contracts/ipc/index.ts';

export interface SettingsStore {
  read(): UserSettings;
  write(change: IpcRequest<'settings.write'>): void;
  /** absolute paths, latest first */
  recent(): string[];
  remember(workspace: string): void;
  forget(workspace: string): void;
  layout(workspace: string): string | null;
  setLayout(workspace: string, layout: string): void;
}

const RECENT = 12;
const LAYOUTS = 40;

const layoutKey = (workspace: string): string => createHash('sha256').update(workspace).digest('hex').slice(0, 16);

/** `home` is GENRTL_HOME. A damaged file is set aside by starting from the defaults, never by refusing to start. */
export function openSettings(home: string, locale: string): SettingsStore {
  makeHome(home);
  const conf = new Conf<Record<string, unknown>>({
    cwd: home,
    configName: SETTINGS_NAME,
    clearInvalidConfig: true,
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
  });
  const load = (): StoredSettings => storedSettings(conf.store);
  return {
    read: () => withDefaults(load(), locale),
    write: (change) => {
      const settings = Object.fromEntries(
        Object.entries({ ...load().settings, ...change }).filter(([, value]) => value !== undefined),
      );
      conf.set('settings', settings);
    },
    recent: () => load().recent,
    remember: (workspace) => {
      conf.set('recent', [workspace, ...load().recent.filter((other) => other !== workspace)].slice(0, RECENT));
    },
    forget: (workspace) => {
      conf.set(
        'recent',
        load().recent.filter((other) => other !== workspace),
      );
    },
    layout: (workspace) => load().layouts[layoutKey(workspace)] ?? null,
    setLayout: (workspace, layout) => {
      const key = layoutKey(workspace);
      const others = Object.entries(load().layouts)
        .filter(([other]) => other !== key)
        .slice(0, LAYOUTS - 1);
      conf.set('layouts', Object.fromEntries([[key, layout], ...others]));
    },
  };
}
