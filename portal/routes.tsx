// Every address of the portal.
import { createBrowserRouter, Navigate, useRouteError } from 'react-router';
import { bodyOf } from './api/failure.ts';
import { useTexts } from './i18n/index.ts';
import { Frame, PlacePage } from './frame.tsx';
import { addressOf, PLACES } from './nav.ts';
import { AuthorizePage } from './pages/authorize.tsx';
import { DevicePage } from './pages/device.tsx';
import { InvitationPage } from './pages/invitation.tsx';
import { ResetPage } from './pages/reset.tsx';
import { CardPage } from './parts/card-page.tsx';
import { FailureNote } from './parts/controls.tsx';
import { SignedIn } from './signed-in.tsx';

function Fallen() {
  const { t } = useTexts();
  return (
    <CardPage title={t('title')}>
      <FailureNote error={bodyOf(useRouteError())} />
      <a href="/account">{t('frame.toAccount')}</a>
    </CardPage>
  );
}

export const router = createBrowserRouter([
  {
    errorElement: <Fallen />,
    children: [
      { path: '/reset', element: <ResetPage /> },
      {
        element: <SignedIn />,
        children: [
          { path: '/device', element: <DevicePage /> },
          { path: '/authorize', element: <AuthorizePage /> },
          { path: '/invitation', element: <InvitationPage /> },
          {
            element: <Frame />,
            children: [
              ...PLACES.map((place) => ({ path: addressOf(place), element: <PlacePage place={place} /> })),
              { path: '/account/*', element: <PlacePage place={null} /> },
            ],
          },
        ],
      },
      { path: '*', element: <Navigate to="/account" replace /> },
    ],
  },
]);
