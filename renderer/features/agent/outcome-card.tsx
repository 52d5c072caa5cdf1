// What the job measured: tests and the strength of its testbench.
import { useTranslation } from 'react-i18next';
import { CheckCircle2, XCircle } from 'lucide-react';
import type { JobState, ReferenceComparison, TestResult } from '@genrtl/contracts';
import { Chip } from '@genrtl/ui/controls.tsx';
import { formatDuration } from '@genrtl/ui/format.ts';
import { showInWaves } from '../waves/failures.ts';
import { StrengthView } from './strength-view.tsx';

export function OutcomeCard({ job }: { readonly job: JobState }) {
  const { t } = useTranslation();
  const tests = job.facts.tests ?? [];
  const strength = job.facts.strength ?? null;
  if (tests.length === 0 && strength === null) return null;
  const { untried = [], waived = [], bench_changes: changes = [], reference, interface: ports } = job.facts;
  return (
    <section className="card" aria-label={t('outcome.title')}>
      <h3>{t('outcome.title')}</h3>
      <ul className="tests">
        {tests.map((test) => (
          <TestRow key={`${test.kind} ${test.name}`} test={test} />
        ))}
      </ul>
      {ports === undefined || ports.not_stated.length === 0 ? null : (
        <p className="muted">{t('measured.notStated', { list: ports.not_stated.join(', ') })}</p>
      )}
      {reference == null ? null : <ReferenceLine reference={reference} />}
      {strength === null ? null : <StrengthView strength={strength} />}
      <Named
        title={t('measured.untried')}
        tone="error"
        entries={untried.map(({ kind, name, why }) => ({ name: `${kind}:${name}`, text: why }))}
      />
      <Named
        title={t('measured.waivers')}
        tone="warning"
        entries={waived.map(({ kind, name, reason, why }) => ({ name: `${kind}:${name}`, text: `${reason} (${why})` }))}
      />
      <Named
        title={t('measured.changes')}
        tone="warning"
        entries={changes.map(({ step_id: step, why, accepted }) => ({
          name: step,
          text: `${why} (${t(`measured.acceptedBy.${accepted ?? 'nobody'}`)})`,
        }))}
      />
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

function ReferenceLine({ reference }: { readonly reference: ReferenceComparison }) {
  const { t } = useTranslation();
  const { checks, random_cycles: cycles, equivalence } = reference;
  return (
    <p>
      {t('measured.reference', { checks, cycles })}{' '}
      <Chip tone={equivalence === 'proved' ? 'ok' : 'muted'}>{t(`measured.equivalence.${equivalence}`)}</Chip>
    </p>
  );
}

interface NamedProps {
  readonly title: string;
  readonly tone: 'error' | 'warning';
  readonly entries: readonly { readonly name: string; readonly text: string }[];
}

function Named({ title, tone, entries }: NamedProps) {
  if (entries.length === 0) return null;
  return (
    <div className="measured">
      <p>
        <Chip tone={tone}>{title}</Chip>
      </p>
      <ul>
        {entries.map(({ name, text }) => (
          <li key={name}>
            <span className="mono">{name}</span> {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
