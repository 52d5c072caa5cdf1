// The pages that stand alone: one card in the middle, with the brand above and the language beside it.
import type { ReactNode } from 'react';
import { LanguageAndTheme } from './language-and-theme.tsx';

export function CardPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="portal-card-page">
      <header>
        <span className="portal-brand">
          <img src="/portal/icon.svg" alt="" width={22} height={22} />
          genRTL
        </span>
        <LanguageAndTheme />
      </header>
      <main className="portal-card">
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}

/** What became of it, read aloud as it changes. */
export const Said = ({ children }: { readonly children: ReactNode }) => (
  <p role="status" className="portal-said">
    {children}
  </p>
);
