// Answers of main as panels read them: kept by call and request, shared by all who show them, fetched anew when they
// are out of date. What changes something is called through the bridge itself.
import { useQuery } from '@tanstack/react-query';
import type { ErrorBody } from '@genrtl/contracts';
import type { IpcCall, IpcPush, IpcPushPayload, IpcRequest, IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { useLink } from '../state/link-store.ts';
import { answers, refresh } from './answers.ts';
import { bridge, onAnswered } from './bridge.ts';
import { errorBody } from './call-error.ts';
import { STALE_AFTER_CALL, STALE_AFTER_PUSH } from './freshness.ts';

export interface Answer<T> {
  /** the last answer, also while a newer one is on its way; undefined before the first */
  readonly data: T | undefined;
  readonly error: ErrorBody | null;
  /** nothing to show yet */
  readonly loading: boolean;
  reload(): void;
}

/** `null` asks nothing yet. */
export function useCall<C extends IpcCall>(name: C, request: IpcRequest<C> | null): Answer<IpcResponse<C>> {
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [name, request],
    queryFn: () => bridge.call(name, request as IpcRequest<C>),
    enabled: request !== null,
  });
  return {
    data,
    error: error === null ? null : errorBody(error),
    loading: isLoading,
    reload: () => void refetch(),
  };
}

/** Once, for the page's life. */
export function keepFresh(): void {
  onAnswered((name) => refresh(STALE_AFTER_CALL[name] ?? []));
  for (const push of Object.keys(STALE_AFTER_PUSH) as IpcPush[]) follow(push);
  let { epoch } = useLink.getState();
  useLink.subscribe((link) => {
    // a host that was started anew may know other things
    if (link.epoch !== epoch) void answers.invalidateQueries();
    epoch = link.epoch;
  });
}

function follow<P extends IpcPush>(push: P): void {
  const staleAfter: ((payload: IpcPushPayload<P>) => readonly IpcCall[]) | undefined = STALE_AFTER_PUSH[push];
  if (staleAfter !== undefined) bridge.on(push, (payload) => refresh(staleAfter(payload)));
}
