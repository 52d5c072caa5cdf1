// What can be done about an error from where it is shown. The page knows its rooms; the controls only draw the button.
export interface Mend {
  readonly label: string;
  run(): void;
}

type Failure = { readonly code: string; readonly details?: Record<string, unknown> | undefined };

let known: (error: Failure) => Mend | null = () => null;

/** Once, before the first drawing. */
export function provideMends(mendOf: (error: Failure) => Mend | null): void {
  known = mendOf;
}

export const mendFor = (error: Failure): Mend | null => known(error);
