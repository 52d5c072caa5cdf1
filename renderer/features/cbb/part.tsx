// A titled part of a package's details.
import type { ReactNode } from 'react';

export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="cbb-part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}
