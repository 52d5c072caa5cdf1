// The account that a page shows and changes: the person's own, or an organisation's that they chose.
import { createContext, useContext } from 'react';
import type { AccountView } from '@genrtl/contracts/http/accounts.ts';
import type { Action } from '@genrtl/contracts/access.ts';

export interface Acting {
  /** the signed-in person's own account */
  readonly own: AccountView;
  /** the account acted for, with what may be done there */
  readonly account: AccountView;
  /** id of the organisation; null: `own` */
  readonly as: string | null;
}

export const ActingContext = createContext<Acting | null>(null);

export function useActing(): Acting {
  const acting = useContext(ActingContext);
  if (acting === null) throw new Error('a page of the account stands outside its frame');
  return acting;
}

export const may = ({ account }: Acting, action: Action): boolean => account.actions.includes(action);

/** On a backend without accounts: one local account, no money moves. */
export const isLocal = ({ own }: Acting): boolean => own.via === 'local';
