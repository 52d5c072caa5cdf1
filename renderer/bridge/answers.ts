// Answers of main as they are kept, by call and request, and how those that are out of date are asked for again.
import { QueryClient } from '@tanstack/react-query';
import type { IpcCall } from '@genrtl/contracts/ipc/index.ts';

/** Main is on this machine: what fails there fails again at once, and focus or network of the browser tell nothing. */
export const answers = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false } },
});

type Listener = (names: readonly IpcCall[]) => void;
const listeners = new Set<Listener>();

/** For answers that are kept elsewhere; returns how to stop. */
export function onStale(name: IpcCall, listener: () => void): () => void {
  const told: Listener = (names) => {
    if (names.includes(name)) listener();
  };
  listeners.add(told);
  return () => void listeners.delete(told);
}

/** What is on the screen is fetched again, the rest when it is shown next. */
export function refresh(names: readonly IpcCall[]): void {
  for (const told of listeners) told(names);
  for (const name of names) {
    // A first answer that is on its way may have been read before the change, and is the one fetch that the client
    // never repeats: it is asked for once more behind it.
    for (const query of answers.getQueryCache().findAll({ queryKey: [name], fetchStatus: 'fetching' })) {
      if (query.state.data !== undefined) continue;
      const again = (): void => void answers.invalidateQueries({ queryKey: query.queryKey, exact: true });
      query.promise?.then(again, again);
    }
    void answers.invalidateQueries({ queryKey: [name] });
  }
}
