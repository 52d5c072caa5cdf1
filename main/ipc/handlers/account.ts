// Calls of the page about the account.
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import type { IpcServices } from '../services.ts';

type AccountCalls = 'account.read' | 'account.sign_in' | 'account.cancel' | 'account.act_for' | 'account.sign_out';

export function accountHandlers({ account }: IpcServices): Pick<IpcHandlers, AccountCalls> {
  return {
    'account.read': () => account.read(),
    'account.sign_in': ({ way }) => account.signIn(way),
    'account.cancel': async () => {
      account.cancel();
      return {};
    },
    'account.act_for': async ({ organisation }) => {
      await account.actFor(organisation);
      return {};
    },
    'account.sign_out': async () => ({ was_signed_in: await account.signOut() }),
  };
}
