// For operators: the accounts of the service, the newest first, found by name, address or id.
import { useDeferredValue, useState } from 'react';
import { Users } from 'lucide-react';
import type { OperatorAccount } from '@genrtl/contracts/http/operators.ts';
import { Chip, Empty } from '@genrtl/ui/controls.tsx';
import { formatUsd } from '@genrtl/ui/format.ts';
import { useAnswer } from '../api/answers.ts';
import { useTexts } from '../i18n/index.ts';
import { Field, Shown, Table } from '../parts/controls.tsx';
import { When } from '../parts/when.tsx';

export function OperatorAccountsPage() {
  const { t } = useTexts();
  const [search, setSearch] = useState('');
  const asked = useDeferredValue(search);
  const answer = useAnswer('GET operatorAccounts', { query: { q: asked.slice(0, 200) } });
  return (
    <>
      <Field label={t('operator.search')} type="search" value={search} onChange={setSearch} maxLength={200} />
      <Shown answer={answer}>
        {({ accounts, total }) =>
          accounts.length === 0 ? (
            <Empty icon={Users} title={t('operator.noAccounts')} />
          ) : (
            <>
              <p className="muted" role="status">
                {t('operator.shown', { shown: accounts.length, count: total })}
              </p>
              <Table
                label={t('pages.operatorAccounts')}
                head={[
                  t('operator.account'),
                  t('operator.kind'),
                  t('operator.plan'),
                  t('operator.state'),
                  { number: t('operator.running') },
                  { number: t('operator.charged30') },
                  t('operator.created'),
                ]}
              >
                {accounts.map((account) => (
                  <Row key={account.account_id} account={account} />
                ))}
              </Table>
            </>
          )
        }
      </Shown>
    </>
  );
}

function Row({ account }: { readonly account: OperatorAccount }) {
  const { t } = useTexts();
  return (
    <tr>
      <td className="portal-long" title={account.account_id}>
        {account.name}
        <br />
        <span className="muted">{account.handle ?? account.account_id}</span>
      </td>
      <td>
        {t(`operator.kinds.${account.kind}`)}
        {account.members === null ? null : (
          <>
            <br />
            <span className="muted">{t('operator.members', { count: account.members })}</span>
          </>
        )}
      </td>
      <td>{account.plan ?? '–'}</td>
      <td className="portal-chip">
        <State account={account} />
      </td>
      <td className="number">{account.unfinished_runs}</td>
      <td className="number">{formatUsd(account.charged_usd)}</td>
      <td>
        <When at={account.created_at} />
      </td>
    </tr>
  );
}

function State({ account }: { readonly account: OperatorAccount }) {
  const { t } = useTexts();
  if (account.handle === null) return <Chip tone="muted">{t('operator.deleted')}</Chip>;
  if (account.seized_at !== null) return <Chip tone="error">{t('operator.seized')}</Chip>;
  if (!account.verified) return <Chip tone="muted">{t('operator.unverified')}</Chip>;
  return <Chip tone={account.standing === 'good' ? 'ok' : 'warning'}>{t(`billing.standing.${account.standing}`)}</Chip>;
}
