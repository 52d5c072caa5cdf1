// What a person set on this browser: language, theme, and the account that the pages act for.
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Language } from '@genrtl/contracts';

export type Theme = 'light' | 'dark';

interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  /** id of an organisation; null: the person's own account */
  readonly actingFor: string | null;
  setLanguage(language: Language): void;
  setTheme(theme: Theme): void;
  actFor(organisation: string | null): void;
}

const ofBrowser = (): Language => (navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');

export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      language: ofBrowser(),
      theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
      actingFor: null,
      setLanguage: (language) => set({ language }),
      setTheme: (theme) => set({ theme }),
      actFor: (actingFor) => set({ actingFor }),
    }),
    { name: 'genrtl.portal' },
  ),
);
