// Entry of the portal: languages, theme, routes. Addresses stand in mails and in programs: they do not change.
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '@genrtl/ui/theme.css';
import '@genrtl/ui/controls.css';
import './portal.css';
import { StrictMode } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { answers, refreshAll } from './api/answers.ts';
import { takeTokenFromAddress } from './api/local-token.ts';
import { setLanguage, startI18n } from './i18n/index.ts';
import { router } from './routes.tsx';
import { usePreferences } from './state/preferences.ts';

takeTokenFromAddress();
// a link that is opened where the page is open already
window.addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) void refreshAll();
});
const showTheme = (): void => {
  document.documentElement.dataset['theme'] = usePreferences.getState().theme;
};
showTheme();
await startI18n(usePreferences.getState().language);
usePreferences.subscribe(({ language }, before) => {
  showTheme();
  if (language !== before.language) void setLanguage(language);
});
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={answers}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
