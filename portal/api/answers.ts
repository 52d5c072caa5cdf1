// Answers as pages read them: kept by call, shared by all who show them, fetched anew after anything was changed.
import { useState } from 'react';
import { QueryCache, QueryClient, useQuery } from '@tanstack/react-query';
import type { AccountView } from '@genrtl/contracts/http/accounts.ts';
import type { ErrorBody } from '@genrtl/contracts';
import { ask, type Asked, type CallName, type Calls } from './calls.ts';
import { bodyOf } from './failure.ts';

const ACCOUNT = ['own account'] as const;

export const answers: QueryClient = new QueryClient({
  defaultOptions: { queries: { retry: false, refetchOnWindowFocus: true, staleTime: 5_000 } },
  queryCache: new QueryCache({
    onError: (error, query) => {
      // Signed out elsewhere, or out of the organisation: who is signed in is looked at again.
      const { code } = bodyOf(error);
      if ((code === 'UNAUTHORIZED' || code === 'FORBIDDEN') && query.queryKey[0] !== ACCOUNT[0])
        void answers.invalidateQueries({ queryKey: ACCOUNT });
    },
  }),
});

export interface Answer<T> {
  /** the last answer, also while a newer one is on its way; undefined before the first */
  readonly data: T | undefined;
  readonly error: ErrorBody | null;
  readonly loading: boolean;
}

/** `null` asks nothing yet. */
export function useAnswer<C extends CallName>(call: C, asked: Asked<C> | null = {}): Answer<Calls[C]['answer']> {
  return useFetched(asked === null ? null : [call, asked], () => ask(call, asked ?? {}));
}

export function useFetched<T>(key: readonly unknown[] | null, fetched: () => Promise<T>): Answer<T> {
  const { data, error, isLoading } = useQuery({ queryKey: key ?? [], queryFn: fetched, enabled: key !== null });
  return { data, error: error === null ? null : bodyOf(error), loading: isLoading };
}

/** The signed-in person's own account; null: nobody is signed in, which is an answer and no failure. */
export const useOwnAccount = (): Answer<AccountView | null> =>
  useFetched(ACCOUNT, () =>
    ask('GET account').catch((error: unknown) => {
      if (bodyOf(error).code === 'UNAUTHORIZED') return null;
      throw error;
    }),
  );

/** Nothing of one person is shown to the next. */
export const forgetAnswers = (): void =>
  answers.removeQueries({ predicate: ({ queryKey: [name] }) => name !== ACCOUNT[0] && name !== 'GET signInProviders' });

export const refreshAll = (): Promise<void> => answers.invalidateQueries();

export interface Act {
  readonly busy: boolean;
  readonly error: ErrorBody | null;
  /** Does it, then fetches anew what is shown; false when it failed, with the error kept for the page. */
  run(act: () => Promise<unknown>): Promise<boolean>;
  clear(): void;
}

export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorBody | null>(null);
  return {
    busy,
    error,
    clear: () => setError(null),
    async run(act) {
      setBusy(true);
      setError(null);
      try {
        await act();
        await refreshAll();
        return true;
      } catch (failed) {
        setError(bodyOf(failed));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
