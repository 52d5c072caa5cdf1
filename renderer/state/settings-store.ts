// The person's settings in the page, and facts of the application; changes go to main at once.
import i18next from 'i18next';
import { create } from 'zustand';
import type { UserSettings } from '@genrtl/contracts';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { bridge } from '../bridge/bridge.ts';
import { drawsChinese } from '@genrtl/ui/chinese-font.ts';
import { applyKeys } from '../workbench/registry.ts';
import { setLanguage } from '../i18n/index.ts';
import { useNotices } from './notice-store.ts';

interface SettingsStore {
  readonly settings: UserSettings | null;
  readonly info: IpcResponse<'app.info'> | null;
  load(): Promise<void>;
  change(change: Partial<UserSettings>): Promise<void>;
}

async function show(settings: UserSettings): Promise<void> {
  document.documentElement.dataset['theme'] = settings.theme;
  applyKeys(settings.keys);
  const changes = document.documentElement.lang !== settings.language;
  await setLanguage(settings.language);
  // in English: Chinese could not be read
  if (changes && settings.language === 'zh-CN' && !drawsChinese())
    useNotices.getState().add({ tone: 'info', text: i18next.t('settings.noChineseFont', { lng: 'en' }) });
}

export const useSettings = create<SettingsStore>()((set, get) => ({
  settings: null,
  info: null,
  load: async () => {
    const [settings, info] = await Promise.all([bridge.call('settings.read', {}), bridge.call('app.info', {})]);
    await show(settings);
    set({ settings, info });
  },
  change: async (change) => {
    const before = get().settings;
    if (before === null) return;
    const settings = { ...before, ...change };
    set({ settings });
    await show(settings);
    try {
      await bridge.call('settings.write', change);
    } catch (error) {
      set({ settings: before });
      await show(before);
      throw error;
    }
  },
}));
