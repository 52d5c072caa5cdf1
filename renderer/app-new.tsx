// Entry of the page: features, languages, live updates, routes. The design gave the file its name; nothing older stands
// beside it.
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '@genrtl/ui/theme.css';
import '@genrtl/ui/controls.css';
import { StrictMode } from 'react';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { RouterProvider, createHashRouter } from 'react-router';
import { answers } from './bridge/answers.ts';
import { keepFresh } from './bridge/use-call.ts';
import { ErrorPage } from './features/workbench/error-page.tsx';
import { Shell } from './features/workbench/shell.tsx';
import { StartPage } from './features/start/start-page.tsx';
import { UsageWindow } from './features/usage/usage-window.tsx';
import { WorkspacePage } from './features/workbench/workspace-page.tsx';
import { followPlaces } from './features/editor/history.ts';
import { followLiveLint } from './features/language/live-lint.ts';
import { followSyntax } from './features/language/syntax-findings.ts';
import { FEATURES } from './features/index.ts';
import { mendOf } from './features/mends.ts';
import { provideMends } from '@genrtl/ui/mends.ts';
import { startI18n } from './i18n/index.ts';
import { receivePushes } from './state/pushes.ts';
import { registerFeatures } from './workbench/registry.ts';
import { allowOwnWorkers } from './trusted-types.ts';

// The hash keeps routes working under app:// and behind any web host alike.
const router = createHashRouter([
  {
    element: <Shell />,
    errorElement: <ErrorPage />,
    children: [
      { path: '/', element: <StartPage /> },
      { path: '/workspace', element: <WorkspacePage /> },
      { path: '/usage', element: <UsageWindow /> },
    ],
  },
]);

registerFeatures(FEATURES);
provideMends(mendOf);
allowOwnWorkers();
receivePushes();
followPlaces();
followSyntax();
followLiveLint();
keepFresh();
await startI18n();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={answers}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
