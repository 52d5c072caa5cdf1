// Lint, elaborate, simulate and synthesise as commands, without a job. Findings go to Problems, the log to Tool log,
// and a sentence says how it ended.
import i18next from 'i18next';
import { bridge } from '../../bridge/bridge.ts';
import { run, useNotices } from '../../state/notice-store.ts';
import { useToolRuns } from '../../state/tool-runs.ts';
import type { ToolRunAction } from '../../state/tool-runs.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { openPanel } from '../../workbench/dock-store.ts';
import { simulateWithWaves } from '../waves/simulate.ts';
import { runTool } from './run-tool.ts';
import type { ToolRun } from './run-tool.ts';
import { withTrust } from './trust-store.ts';

/** The command: nothing is started while another runs. */
export function runCommand(action: ToolRunAction): void {
  const workspace = useWorkspace.getState().view?.path;
  if (workspace === undefined) return;
  if (useToolRuns.getState().running !== null) {
    useNotices.getState().add({ tone: 'info', text: i18next.t('toolRun.busy') });
    return;
  }
  run(async () => {
    if (action === 'simulate') {
      // the waveform of it is what a person looks at next
      if (await simulateWithWaves(workspace)) openPanel('waves');
      return;
    }
    const result = await runTool(workspace, action, false);
    if (result !== null) report(action, result);
  });
}

function report(action: ToolRunAction, result: ToolRun): void {
  const count = (severity: string): number => result.diagnostics.filter((found) => found.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  const words = {
    what: i18next.t(`toolRun.actions.${action}`),
    top: result.top ?? '',
    tool: result.tool,
    cells: result.cells === null ? '' : i18next.t('toolRun.cells', { count: result.cells }),
    findings: `${i18next.t('checks.errors', { count: errors })}, ${i18next.t('checks.warnings', { count: warnings })}`,
  };
  useNotices
    .getState()
    .add(
      result.passed
        ? { tone: 'info', text: i18next.t('toolRun.passed', words) }
        : { tone: 'error', text: i18next.t(`toolRun.${result.verdict === 'fail' ? 'failed' : 'unclear'}`, words) },
    );
  if (result.diagnostics.length > 0) openPanel('problems');
  else if (!result.passed || action === 'synthesise') openPanel('log');
}

/** All checks of the project, in its panel. */
export function runChecks(): void {
  const workspace = useWorkspace.getState().view?.path;
  if (workspace === undefined) return;
  openPanel('checks');
  run(async () => {
    await withTrust(() => bridge.call('checks.run', { workspace, names: [] }));
  });
}
