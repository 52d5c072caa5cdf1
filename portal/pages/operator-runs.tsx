// For operators: every run without an end, what it waits for and since when, and the processes that run jobs.
import { Activity } from 'lucide-react';
import type { OperatorRuns } from '@genrtl/contracts/http/operators.ts';
import { Chip, Empty } from '@genrtl/ui/controls.tsx';
import { useAnswer } from '../api/answers.ts';
import { useTexts } from '../i18n/index.ts';
import { Section, Shown, Table } from '../parts/controls.tsx';
import { When } from '../parts/when.tsx';

export function OperatorRunsPage() {
  const { t } = useTexts();
  const answer = useAnswer('GET operatorRuns');
  return (
    <Shown answer={answer}>
      {({ runs, total, workers }) => (
        <>
          <Section title={t('operator.runs')}>
            {runs.length === 0 ? (
              <Empty icon={Activity} title={t('operator.noRuns')} />
            ) : (
              <>
                {total > runs.length ? (
                  <p className="muted">{t('operator.runsShown', { shown: runs.length, count: total })}</p>
                ) : null}
                <Table
                  label={t('operator.runs')}
                  head={[
                    t('operator.run'),
                    t('operator.account'),
                    t('operator.state'),
                    t('operator.phase'),
                    t('operator.waitsFor'),
                    t('operator.worker'),
                    t('operator.created'),
                  ]}
                >
                  {runs.map((run) => (
                    <tr key={run.run_id}>
                      <td className="mono path" title={run.run_id}>
                        {run.run_id}
                      </td>
                      <td className="portal-long" title={run.account_id}>
                        {run.account}
                      </td>
                      <td className="portal-chip">
                        <Chip tone={run.status === 'running' ? 'live' : 'muted'}>
                          {t(`operator.statuses.${run.status}`)}
                        </Chip>
                      </td>
                      <td>
                        {run.kind} · {run.phase}
                      </td>
                      <td>
                        <Waits run={run} />
                      </td>
                      <td className="mono">{run.worker ?? '–'}</td>
                      <td>
                        <When at={run.created_at} />
                      </td>
                    </tr>
                  ))}
                </Table>
              </>
            )}
          </Section>
          <Section title={t('operator.workers')}>
            {workers.length === 0 ? (
              <p className="muted">{t('operator.noWorkers')}</p>
            ) : (
              <Table
                label={t('operator.workers')}
                head={[t('operator.worker'), { number: t('operator.places') }, t('operator.seen')]}
              >
                {workers.map((one) => (
                  <tr key={one.worker}>
                    <td className="mono portal-long">{one.worker}</td>
                    <td className="number">
                      {one.running} / {one.capacity}
                    </td>
                    <td>
                      <When at={one.seen_at} />
                    </td>
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

function Waits({ run: { waiting } }: { readonly run: OperatorRuns['runs'][number] }) {
  const { t } = useTexts();
  if (waiting === null) return <span className="muted">{t('operator.nothing')}</span>;
  return (
    <>
      {t(`operator.reasons.${waiting.for}`)}
      {waiting.limit === undefined ? '' : ` (${t('operator.limitOf', { count: waiting.limit })})`}
      <br />
      <span className="muted">
        {t('operator.since')} <When at={waiting.since} />
      </span>
    </>
  );
}
