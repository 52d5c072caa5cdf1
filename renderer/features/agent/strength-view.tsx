// How strong the testbenches are: every output with its wrong variants, mutants, stubs, and where what survived stands.
import { useTranslation } from 'react-i18next';
import type { CheckedOutput, Strength } from '@genrtl/contracts';
import { Chip } from '@genrtl/ui/controls.tsx';
import { openFile } from '../../workbench/dock-store.ts';

const isChecked = ({ variants }: CheckedOutput): boolean =>
  variants.length > 0 && variants.every(({ caught }) => caught);

export function StrengthView({ strength }: { readonly strength: Strength }) {
  const { t } = useTranslation();
  const { mutants, stubs, survivors, outputs = [], not_applicable: notApplicable } = strength;
  const checked = outputs.filter(isChecked).length;
  return (
    <div className="strength">
      <p>
        <strong>{t('strength.title')}</strong>
        {outputs.length === 0 ? null : (
          <Chip tone={checked === outputs.length ? 'ok' : 'error'}>
            {t('strength.outputs', { checked, total: outputs.length })}
          </Chip>
        )}
        <MutantsChip mutants={mutants} />
        {notApplicable ? <Chip tone="muted">{t('strength.notApplicable')}</Chip> : null}
        {stubs.map((stub) => (
          <StubChip key={stub.tied_to} stub={stub} />
        ))}
      </p>
      {outputs.length === 0 ? null : <OutputTable outputs={outputs} />}
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

function MutantsChip({ mutants }: { readonly mutants: Strength['mutants'] }) {
  const { t } = useTranslation();
  if (mutants === null || mutants.total === 0) return null;
  const { killed, total, not_tried: left = 0 } = mutants;
  return (
    <Chip tone={killed === total ? 'ok' : 'warning'}>
      {left > 0 ? t('strength.mutantsLeft', { killed, total, left }) : t('strength.mutants', { killed, total })}
    </Chip>
  );
}

function StubChip({ stub }: { readonly stub: Strength['stubs'][number] }) {
  const { t } = useTranslation();
  const value = stub.tied_to.toUpperCase();
  const text = stub.failed
    ? t('strength.stubCaught', { value })
    : stub.untried
      ? t('strength.stubUntried', { value })
      : stub.equivalent
        ? t('strength.stubSame', { value })
        : t('strength.stubPassed', { value });
  return (
    <Chip tone={stub.failed || stub.equivalent ? 'ok' : 'error'} title={t('strength.stubTitle')}>
      {text}
    </Chip>
  );
}

/** Open where some output is not looked at. */
function OutputTable({ outputs }: { readonly outputs: readonly CheckedOutput[] }) {
  const { t } = useTranslation();
  return (
    <details open={!outputs.every(isChecked)}>
      <summary>{t('strength.outputTable')}</summary>
      <table className="outputs" aria-label={t('strength.outputTable')}>
        <thead>
          <tr>
            <th scope="col">{t('strength.output')}</th>
            <th scope="col">{t('strength.variants')}</th>
            <th scope="col">{t('strength.bits')}</th>
          </tr>
        </thead>
        <tbody>
          {outputs.map((output) => (
            <OutputRow key={`${output.module}.${output.output}`} output={output} />
          ))}
        </tbody>
      </table>
    </details>
  );
}

function OutputRow({ output }: { readonly output: CheckedOutput }) {
  const { t } = useTranslation();
  const { variants, bits, untried, waived, earlier } = output;
  const left = bits === undefined ? 0 : bits.width - bits.tried;
  return (
    <tr>
      <th scope="row" className="mono" title={output.module}>
        {output.output}
      </th>
      <td>
        {variants.map(({ variant, caught }) => (
          <span key={variant} className={caught ? 'tone-ok' : 'tone-error'}>
            {t(`strength.variant.${variant}`)}: {t(caught ? 'strength.caught' : 'strength.missed')}{' '}
          </span>
        ))}
        {untried === undefined ? null : (
          <span className="tone-error">{t('strength.untriedOutput', { why: untried })} </span>
        )}
        {earlier ? <span className="muted">{t('strength.earlier')} </span> : null}
        {waived === undefined ? null : <span className="muted">{t('strength.waived', { reason: waived })}</span>}
      </td>
      <td>
        {bits === undefined || bits.tried === 0 ? null : (
          <>
            {left > 0
              ? t('strength.bitsLeft', { caught: bits.caught, tried: bits.tried, left })
              : t('strength.bitsOf', { caught: bits.caught, tried: bits.tried })}
            {bits.missed.length === 0 ? null : (
              <span className="tone-error"> {t('strength.bitsMissed', { list: bits.missed.join(', ') })}</span>
            )}
          </>
        )}
      </td>
    </tr>
  );
}
