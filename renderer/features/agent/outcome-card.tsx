// What the job measured: tests and the strength of its testbench.
import { useTranslation } from 'react-i18next';
import { CheckCircle2, XCircle } from 'lucide-react';
import type { JobState, Strength, TestResult } from '@genrtl/contracts';
import { Chip } from '@genrtl/ui/controls.tsx';
import { formatDuration } from '@genrtl/ui/format.ts';
import { showInWaves } from '../waves/failures.ts';
import { openFile } from '../../workbench/dock-store.ts';

export function OutcomeCard({ job }: { readonly job: JobState }) {
  const { t } = useTranslation();
  const tests = job.facts.tests ?? [];
  const strength = job.facts.strength ?? null;
  if (tests.length === 0 && strength === null) return null;
  return (
    <section className="card" aria-label={t('outcome.title')}>
      <h3>{t('outcome.title')}</h3>
      <ul className="tests">
        {tests.map((test) => (
          <TestRow key={`${test.kind} ${test.name}`} test={test} />
        ))}
      </ul>
      {strength === null ? null : <StrengthView strength={strength} />}
    </section>
  );
}

function TestRow({ test }: { readonly test: TestResult }) {
  const { t } = useTranslation();
  const failure = test.failures[0];
  return (
    <li className="test">
      {test.passed ? (
        <CheckCircle2 size={14} className="tone-ok" aria-label={t('outcome.passed')} />
      ) : (
        <XCircle size={14} className="tone-error" aria-label={t('outcome.failed')} />
      )}
      <span className="mono test-name" title={test.name}>
        {test.name}
      </span>
      <span className="muted">
        {t(`outcome.kind.${test.kind}`)} · {test.tool} · {formatDuration(test.duration_ms)}
      </span>
      {failure === undefined ? null : (
        <span className="test-failure">
          {failure.signal === undefined
            ? failure.message
            : t('outcome.failure', { signal: failure.signal, time: failure.time ?? '?' })}
        </span>
      )}
      {failure?.time === undefined ? null : (
        <button
          type="button"
          className="link"
          onClick={() => showInWaves({ signal: failure.signal ?? null, time: failure.time ?? '0', test: test.name })}
        >
          {t('waves.show')}
        </button>
      )}
    </li>
  );
}

function StrengthView({ strength }: { readonly strength: Strength }) {
  const { t } = useTranslation();
  const { mutants, stubs, survivors } = strength;
  return (
    <div className="strength">
      <p>
        <strong>{t('strength.title')}</strong>
        {mutants === null ? null : (
          <Chip tone={mutants.killed === mutants.total ? 'ok' : 'warning'}>{t('strength.mutants', mutants)}</Chip>
        )}
        {stubs.map((stub) => (
          <Chip key={stub.tied_to} tone={stub.failed ? 'ok' : 'error'} title={t('strength.stubTitle')}>
            {t(stub.failed ? 'strength.stubCaught' : stub.untried ? 'strength.stubUntried' : 'strength.stubPassed', {
              value: stub.tied_to.toUpperCase(),
            })}
          </Chip>
        ))}
      </p>
      {survivors.length === 0 ? null : (
        <details>
          <summary>{t('strength.survivors', { count: survivors.length })}</summary>
          <ul>
            {survivors.map((survivor) => (
              <li key={`${survivor.file}:${survivor.line} ${survivor.description}`}>
                <button type="button" className="link" onClick={() => openFile(survivor.file, { line: survivor.line })}>
                  {survivor.file}:{survivor.line}
                </button>{' '}
                {survivor.description}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
