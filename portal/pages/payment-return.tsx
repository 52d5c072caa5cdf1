// To the payment provider and back: the backend is told of what was done there a moment later, so the page looks again
// for a while, and says so until a payment is there.
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { RETURNED_QUERY } from '@genrtl/contracts/http/routes.ts';
import { answers, useAnswer } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { useTexts } from '../i18n/index.ts';
import { Said } from '../parts/card-page.tsx';
import { useActing } from '../state/acting.ts';

const LOOK_EVERY_MS = 2_000;
const LOOK_FOR_MS = 90_000;

/** The payments that were known as the person left, of each account. */
const keyOf = (as: string | null): string => `genrtl.portal.payments.${as ?? ''}`;

/** Leaves for the page where payment is looked after, which leads back to the billing page. */
export async function leaveToManage(as: string | null): Promise<void> {
  const { url } = await ask('POST paymentPortal', { as });
  sessionStorage.removeItem(keyOf(as));
  location.assign(url);
}

/** The same, to pay. */
export async function leaveToPay(as: string | null, page: Promise<{ url: string }>): Promise<void> {
  const [{ url }, { invoices }] = await Promise.all([page, ask('GET billingInvoices', { as })]);
  sessionStorage.setItem(keyOf(as), JSON.stringify(invoices.map(({ payment_id: id }) => id)));
  location.assign(url);
}

export function Returned() {
  const { t } = useTexts();
  const { as } = useActing();
  const [query, setQuery] = useSearchParams();
  const returned = query.has(RETURNED_QUERY);
  const { data } = useAnswer('GET billingInvoices', returned ? { as } : null);
  useEffect(() => {
    if (!returned) return;
    // the plan and the credit of a payment need not come with it
    const looking = setInterval(() => {
      for (const call of ['GET billing', 'GET billingInvoices']) void answers.invalidateQueries({ queryKey: [call] });
    }, LOOK_EVERY_MS);
    const enough = setTimeout(() => setQuery({}, { replace: true }), LOOK_FOR_MS);
    return () => {
      clearInterval(looking);
      clearTimeout(enough);
    };
  }, [returned, setQuery]);
  const known = sessionStorage.getItem(keyOf(as));
  const awaited =
    returned &&
    known !== null &&
    data?.invoices.every(({ payment_id: id }) => known.includes(JSON.stringify(id))) === true;
  return <Said>{awaited ? t('billing.awaited') : null}</Said>;
}
