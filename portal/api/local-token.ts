// The token of a backend without accounts. A link may bring it behind `#token=`, which no server ever sees; it is kept
// for this tab only.
const KEY = 'genrtl.token';

/** Whether the address held one, which it then holds no longer. */
export function takeTokenFromAddress(): boolean {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return false;
  keepToken(token);
  history.replaceState(null, '', location.pathname + location.search);
  return true;
}

export function keepToken(token: string | null): void {
  if (token === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
}

export const tokenOf = (): string | null => sessionStorage.getItem(KEY);
