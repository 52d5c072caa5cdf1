// What this folder brings to the workbench.
import { useDialogs } from '../../state/dialog-store.ts';
import { run } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import type { Feature } from '../../workbench/feature.ts';
import './settings.css';

export const settingsFeature: Feature = {
  commands: [
    { name: 'settings', key: 'Ctrl+,', run: () => useDialogs.getState().open('settings') },
    {
      name: 'theme',
      run() {
        const { settings, change } = useSettings.getState();
        run(() => change({ theme: settings?.theme === 'dark' ? 'light' : 'dark' }));
      },
    },
    {
      name: 'language',
      run() {
        const { settings, change } = useSettings.getState();
        run(() => change({ language: settings?.language === 'en' ? 'zh-CN' : 'en' }));
      },
    },
  ],
};
