// For operators: what the checker says of the books, the parts that the answering process stands on, and the breakers
// before the model servers.
import { CircleCheck, CircleX } from 'lucide-react';
import { Chip, type Tone } from '@genrtl/ui/controls.tsx';
import { formatUsd } from '@genrtl/ui/format.ts';
import { useAnswer } from '../api/answers.ts';
import { useTexts } from '../i18n/index.ts';
import { Section, Shown, Table } from '../parts/controls.tsx';
import { When } from '../parts/when.tsx';

const PART_TONES: Readonly<Record<'up' | 'down' | 'unknown', Tone>> = { up: 'ok', down: 'error', unknown: 'muted' };
const BREAKER_TONES: Readonly<Record<'closed' | 'open' | 'half_open', Tone>> = {
  closed: 'ok',
  open: 'error',
  half_open: 'warning',
};

export function OperatorLedgerPage() {
  return (
    <>
      <Books />
      <Health />
    </>
  );
}

function Books() {
  const { t } = useTexts();
  const answer = useAnswer('GET operatorLedger');
  return (
    <Section title={t('operator.books')}>
      <Shown answer={answer}>
        {(ledger) => (
          <>
            <p className={ledger.problems.length === 0 ? 'portal-verdict tone-ok' : 'portal-verdict tone-error'}>
              {ledger.problems.length === 0 ? <CircleCheck size={18} aria-hidden /> : <CircleX size={18} aria-hidden />}
              {ledger.problems.length === 0
                ? t('operator.booksRight')
                : t('operator.booksWrong', { count: ledger.problems.length })}
            </p>
            <ul className="portal-problems mono">
              {ledger.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
            <dl className="facts portal-facts">
              <dt>{t('operator.checkedAt')}</dt>
              <dd>
                <When at={ledger.checked_at} />
              </dd>
              <dt>{t('operator.entries')}</dt>
              <dd>{ledger.entries.toLocaleString('en')}</dd>
              <dt>{t('operator.openHolds')}</dt>
              <dd>{ledger.open_holds.toLocaleString('en')}</dd>
              <dt>{t('operator.heldUsd')}</dt>
              <dd>{formatUsd(ledger.held_usd)}</dd>
            </dl>
          </>
        )}
      </Shown>
    </Section>
  );
}

function Health() {
  const { t, i18n } = useTexts();
  const answer = useAnswer('GET operatorHealth');
  const nameOf = (part: string): string =>
    i18n.exists(`operator.partNames.${part}`, { ns: 'portal' })
      ? t(`operator.partNames.${part}` as never)
      : part.replace(/^provider:/, '');
  return (
    <Shown answer={answer}>
      {({ parts, breakers }) => (
        <>
          <Section title={t('operator.parts')}>
            <Table label={t('operator.parts')} head={[t('operator.part'), t('operator.state'), t('operator.since')]}>
              {parts.map(({ part, state, since }) => (
                <tr key={part}>
                  <td>{nameOf(part)}</td>
                  <td className="portal-chip">
                    <Chip tone={PART_TONES[state]}>{t(`operator.partStates.${state}`)}</Chip>
                  </td>
                  <td>
                    <When at={since} />
                  </td>
                </tr>
              ))}
            </Table>
          </Section>
          <Section title={t('operator.breakers')}>
            {breakers.length === 0 ? (
              <p className="muted">{t('operator.noBreakers')}</p>
            ) : (
              <Table
                label={t('operator.breakers')}
                head={[
                  t('operator.server'),
                  t('operator.model'),
                  t('operator.breaker'),
                  { number: t('operator.failures') },
                ]}
              >
                {breakers.map((one) => (
                  <tr key={`${one.provider} ${one.server} ${one.model}`}>
                    <td className="mono">{one.server}</td>
                    <td className="mono">{one.model}</td>
                    <td className="portal-chip">
                      <Chip tone={BREAKER_TONES[one.state]}>{t(`operator.breakerStates.${one.state}`)}</Chip>
                    </td>
                    <td className="number">{one.failures}</td>
                  </tr>
                ))}
              </Table>
            )}
          </Section>
        </>
      )}
    </Shown>
  );
}
