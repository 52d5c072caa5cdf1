// The token of a backend without accounts. A link may bring it behind `#token=`, which no server ever sees; it is kept
// for this tab only.
const KEY = 'genrtl.token';

export function takeTokenFromAddress(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  keepToken(token);
  history.replaceState(null, '', location.pathname + location.search);
}

export function keepToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}

export const tokenOf = (): string | null => sessionStorage.getItem(KEY);
