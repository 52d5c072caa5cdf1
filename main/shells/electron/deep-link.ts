// `genrtl://…` links: only the few forms that the app knows, never a path or a command.

export type DeepLink =
  | { readonly kind: 'signed-in'; readonly code: string; readonly state: string }
  | { readonly kind: 'show' };

const TOKEN = /^[A-Za-z0-9._~-]{8,512}$/;

/** Null for anything else, so that a web page cannot make the app do more than come to the front. */
export function parseDeepLink(text: string): DeepLink | null {
  if (text.length > 2048 || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'genrtl:') return null;
  if (url.host === 'show') return { kind: 'show' };
  const code = url.searchParams.get('code') ?? '';
  const state = url.searchParams.get('state') ?? '';
  return url.host === 'signed-in' && TOKEN.test(code) && TOKEN.test(state) ? { kind: 'signed-in', code, state } : null;
}

/** The link in the arguments of a second start (Windows and Linux hand it over there). */
export function linkInArguments(argv: readonly string[]): DeepLink | null {
  for (const argument of argv) {
    const link = argument.startsWith('genrtl:') ? parseDeepLink(argument) : null;
    if (link !== null) return link;
  }
  return null;
}
