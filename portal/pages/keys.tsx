// Keys of the account acted for: made, shown once, revoked.
import { useState } from 'react';
import { Copy, KeyRound } from 'lucide-react';
import type { MadeKey } from '@genrtl/contracts/http/accounts.ts';
import { SCOPES, type Scope } from '@genrtl/contracts/access.ts';
import { Button, Chip, Empty } from '@genrtl/ui/controls.tsx';
import { useAnswer } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { useTexts } from '../i18n/index.ts';
import { Said } from '../parts/card-page.tsx';
import { Confirmed, Field, Form, Section, Shown, Table } from '../parts/controls.tsx';
import { When } from '../parts/when.tsx';
import { useActing } from '../state/acting.ts';

const LIFETIMES = [7, 30, 90, 365] as const;

export function KeysPage() {
  const { t } = useTexts();
  const { account, as } = useActing();
  const answer = useAnswer('GET accountKeys', { as });
  const [made, setMade] = useState<MadeKey | null>(null);
  return (
    <>
      <p className="muted">{t('keys.note', { account: account.name })}</p>
      {made === null ? null : <OnceShown made={made} />}
      <Shown answer={answer}>
        {({ keys }) =>
          keys.length === 0 ? (
            <Empty icon={KeyRound} title={t('keys.none')} />
          ) : (
            <Table
              label={t('pages.keys')}
              head={[
                t('keys.name'),
                t('keys.prefix'),
                t('keys.scopes'),
                t('keys.created'),
                t('keys.expires'),
                t('keys.used'),
                '',
              ]}
            >
              {keys.map((key) => (
                <tr key={key.key_id}>
                  <td className="portal-long">{key.name}</td>
                  <td className="mono">{key.prefix}…</td>
                  <td>{key.scopes.join(', ')}</td>
                  <td>
                    <When at={key.created_at} />
                  </td>
                  <td>
                    <When at={key.expires_at} fallback={t('keys.noEnd')} />
                    {key.expires_at !== null && Date.parse(key.expires_at) < Date.now() ? (
                      <Chip tone="warning">{t('keys.over')}</Chip>
                    ) : null}
                  </td>
                  <td>
                    <When at={key.last_used_at} fallback={t('keys.never')} />
                  </td>
                  <td className="portal-acts">
                    <Confirmed
                      label={t('keys.revoke')}
                      spoken={t('keys.revokeOne', { name: key.name })}
                      ask={t('keys.revokeAsk')}
                      act={async () => {
                        await ask('DELETE accountKey', { as, path: { key_id: key.key_id } });
                        if (made?.key_id === key.key_id) setMade(null);
                      }}
                    />
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Shown>
      <NewKey as={as} onMade={setMade} />
    </>
  );
}

function OnceShown({ made }: { readonly made: MadeKey }) {
  const { t } = useTexts();
  const [copied, setCopied] = useState(false);
  return (
    <div className="card portal-once">
      <Said>{t('keys.made')}</Said>
      <code className="portal-secret">{made.key}</code>
      <div className="portal-buttons">
        <Button
          icon={Copy}
          onClick={() =>
            void navigator.clipboard.writeText(made.key).then(
              () => setCopied(true),
              // refused by the browser: the key stands there to be marked by hand
              () => setCopied(false),
            )
          }
        >
          {t(copied ? 'keys.copied' : 'keys.copy')}
        </Button>
      </div>
    </div>
  );
}

function NewKey({ as, onMade }: { readonly as: string | null; readonly onMade: (made: MadeKey) => void }) {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['work']);
  const [days, setDays] = useState('90');
  return (
    <Section title={t('keys.make')}>
      <Form
        label={t('keys.make')}
        disabled={scopes.length === 0}
        submit={async () => {
          const lifetime = days === '' ? null : Number(days);
          onMade(await ask('POST accountKeys', { as, body: { name, scopes: [...scopes], expires_in_days: lifetime } }));
        }}
        onDone={() => setName('')}
      >
        <div className="portal-row">
          <Field label={t('keys.name')} value={name} onChange={setName} required maxLength={100} />
          <label className="field portal-field">
            {t('keys.lifetime')}
            <select value={days} onChange={(event) => setDays(event.target.value)}>
              {LIFETIMES.map((count) => (
                <option key={count} value={count}>
                  {t('keys.days', { count })}
                </option>
              ))}
              <option value="">{t('keys.noEnd')}</option>
            </select>
          </label>
        </div>
        <fieldset className="portal-checks">
          <legend>{t('keys.scopes')}</legend>
          {SCOPES.map((scope) => (
            <label key={scope}>
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={(event) =>
                  setScopes((before) =>
                    event.target.checked ? [...before, scope] : before.filter((one) => one !== scope),
                  )
                }
              />
              {t(`keys.scopeNames.${scope}`)}
            </label>
          ))}
        </fieldset>
      </Form>
    </Section>
  );
}
