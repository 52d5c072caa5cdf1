// The specification of the next job: a file of the workspace or an upload, and what will happen with it before anything
// is started.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { FileUp, Settings } from 'lucide-react';
import { COMPOSER_MODEL } from '@genrtl/contracts/composer.ts';
import { SPEC_EXTENSIONS } from '@genrtl/contracts/spec-formats.ts';
import type { ModelView } from '@genrtl/contracts';
import { useCall } from '../../bridge/use-call.ts';
import { useDialogs } from '../../state/dialog-store.ts';
import { guessedSpec, rememberSpec, rememberedSpec, specCandidates } from '../../state/spec-choice.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { Button, ErrorNote } from '@genrtl/ui/controls.tsx';
import { baseName } from '@genrtl/ui/format.ts';
import { openFile } from '../../workbench/dock-store.ts';

/** More are found by typing in the palette and “use as specification” in the explorer. */
const MAX_CHOICES = 50;

interface SpecFieldProps {
  readonly spec: string | null;
  readonly workspace: string;
  readonly onPick: (files: readonly File[]) => void;
}

export function SpecField({ spec, workspace, onPick }: SpecFieldProps) {
  const { t } = useTranslation();
  const files = useCall('workspace.files', { workspace }).data?.files;
  const choose = (relative: string): void => useWorkspace.getState().setSpec(`${workspace}/${relative}`);
  useEffect(() => {
    if (spec !== null) {
      rememberSpec(workspace, spec);
      return;
    }
    if (files === undefined) return;
    // what was chosen before, as long as it is there; else what its name says
    const last = relativePath(workspace, rememberedSpec(workspace) ?? '');
    const found = last !== null && files.includes(last) ? last : guessedSpec(files);
    if (found !== null) useWorkspace.getState().setSpec(`${workspace}/${found}`);
  }, [workspace, files, spec]);
  const relative = spec === null ? null : relativePath(workspace, spec);
  const candidates = specCandidates(files ?? []).slice(0, MAX_CHOICES);
  return (
    <div className="field">
      <span id="job-spec">{t('agent.spec')}</span>
      <div className="spec-pick">
        <select
          aria-labelledby="job-spec"
          value={relative ?? spec ?? ''}
          onChange={(event) => (event.target.value === '' ? undefined : choose(event.target.value))}
        >
          <option value="" disabled>
            {t(candidates.length === 0 ? 'agent.noSpec' : 'agent.specOther')}
          </option>
          {spec !== null && !candidates.includes(relative ?? '') ? (
            <option value={relative ?? spec}>{relative ?? baseName(spec)}</option>
          ) : null}
          {candidates.map((file) => (
            <option key={file}>{file}</option>
          ))}
        </select>
        <label className="button button-plain">
          <FileUp size={14} aria-hidden />
          <span>{t('agent.chooseSpec')}</span>
          <input
            type="file"
            className="visually-hidden"
            multiple
            accept={SPEC_EXTENSIONS.join(',')}
            onChange={(event) => onPick([...(event.target.files ?? [])])}
          />
        </label>
      </div>
      {relative === null ? null : (
        <button type="button" className="link spec-open" onClick={() => openFile(relative)}>
          {t('mend.spec')}
        </button>
      )}
    </div>
  );
}

interface WhatHappensProps {
  readonly spec: string | null;
  readonly workspace: string;
  readonly model: string | null;
  readonly models: readonly ModelView[];
}

/** Who reads the specification, what that costs, and every fault that would stop it. */
export function WhatHappens({ spec, workspace, model, models }: WhatHappensProps) {
  const { t } = useTranslation();
  const relative = spec === null ? null : relativePath(workspace, spec);
  const { data, error } = useCall('spec.check', relative === null ? null : { workspace, path: relative });
  if (relative === null) return null;
  if (error !== null) return <ErrorNote error={error} />;
  if (data === undefined) return null;
  const composed = data.structured && (model === null || model === COMPOSER_MODEL);
  const planner = models.find((one) => one.provider !== 'builtin' && one.priced && one.default_for.includes('plan'));
  const named = model ?? planner?.id ?? null;
  const faults = composed ? data.diagnostics.filter((found) => found.severity === 'error') : [];
  if (!data.structured && (named === null || named === COMPOSER_MODEL))
    return (
      <div className="spec-what notice-inline" role="status">
        <p>{t('agent.what.needsModel')}</p>
        <Button icon={Settings} onClick={() => useDialogs.getState().open('settings', 'models')}>
          {t('mend.models')}
        </Button>
      </div>
    );
  return (
    <div className="spec-what" role="status">
      {faults.length === 0 ? (
        <p className="muted">
          {composed
            ? t(model === null ? 'agent.what.composed' : 'agent.what.composedChosen')
            : t(data.structured ? 'agent.what.structuredByModel' : 'agent.what.free', { model: named ?? '' })}
        </p>
      ) : (
        <>
          <p className="tone-error">{t('agent.what.faults', { count: faults.length })}</p>
          <ul className="step-findings spec-faults">
            {faults.map((found, at) => (
              <li key={`${at} ${found.message}`} className="tone-error">
                <button
                  type="button"
                  className="link"
                  onClick={() => openFile(relative, found.line === undefined ? {} : { line: found.line })}
                >
                  {found.line === undefined ? (found.code ?? '') : t('plan.specLine', { line: found.line })}
                </button>
                <span>{found.message}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
