// "Fix this": one finding handed to the agent, which may change that file only; and why that is not possible, where it
// is not.
import { canRepair } from '@genrtl/contracts/composer.ts';
import { useMemo } from 'react';
import { DEFAULT_RULES, editable } from '@genrtl/core/project/patch-rules.ts';
import { isVendorFile } from '@genrtl/core/cbb/vendor-path.ts';
import type { Diagnostic } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useJob } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { useProblems } from '../../state/problems.ts';
import { relativePath, useWorkspace, wasInterrupted } from '../../state/workspace-store.ts';
import { openPanel } from '../../workbench/dock-store.ts';

export type Obstacle = 'running' | 'noPlan' | 'noModel' | 'noFile' | 'elsewhere' | 'vendor';

export interface Fix {
  readonly running: boolean;
  readonly planned: boolean;
  /** null until the models are known */
  readonly able: boolean | null;
  /** whether patches may touch a file, by its path in the workspace or the whole one */
  may(file: string): boolean;
  start(found: Diagnostic): void;
}

export function useFix(): Fix {
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const interrupted = useWorkspace((store) => wasInterrupted(store.view));
  const running = useJob((store) => store.state?.status === 'running') && !interrupted;
  const planned = useJob((store) => store.state?.facts.plan_step !== undefined);
  const model = useJob((store) => store.state?.settings.model ?? null);
  const models = useCall('models.list', {}).data?.models;
  const able = models === undefined ? null : canRepair(model, models);
  // the answer reads every source of the project: it is asked for once there is something to fix
  const asked = useProblems().length > 0 && workspace !== '';
  const rules = useCall('project.tops', asked ? { workspace } : null).data?.rules ?? DEFAULT_RULES;
  const held = useMemo(() => editable(rules), [rules]);
  return {
    may: (file) => held(relativePath(workspace, file) ?? file) === null,
    running,
    planned,
    able,
    start: (found) =>
      run(async () => {
        const file = found.file === undefined ? undefined : (relativePath(workspace, found.file) ?? found.file);
        await bridge.call('job.fix', { workspace, finding: { ...found, ...(file === undefined ? {} : { file }) } });
        openPanel('agent');
      }),
  };
}

/** Null when the finding can be handed over. */
export function fixBlockedBy(found: Diagnostic, fix: Fix): Obstacle | null {
  if (found.file === undefined) return 'noFile';
  if (isVendorFile(found.file)) return 'vendor';
  if (!fix.may(found.file)) return 'elsewhere';
  if (!fix.planned) return 'noPlan';
  if (fix.able === false) return 'noModel';
  return fix.running ? 'running' : null;
}
