// lint: the job's own lines by the rules of purity, and the RTL through the chosen linter. Errors gate, warnings are
// shown.
import { GenrtlError, toolPlace, type Diagnostic } from '@genrtl/contracts';
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import { isVendorRootCause } from '@genrtl/core/evidence/index.ts';
import { compileInput } from '@genrtl/core/filelist/index.ts';
import { collectFilelists } from '../../cbb/index.ts';
import { readPlan } from '../job-files.ts';
import { requireReadableFolders } from '../../checks/include-folders.ts';
import { logReason } from '../../checks/log-reason.ts';
import { judgeJobPurity } from '../purity.ts';
import type { Purity } from '@genrtl/core/purity/index.ts';
import { topFaults } from '../top-faults.ts';
import { partsOf, runProjectChecks, verificationOf } from '../job-checks.ts';
import { defineStep, halt } from '../step.ts';
import { verdictError } from '../../checks/verdict-error.ts';
import { runJobTool, toolTimeoutMs, withCause } from '../tool-run.ts';
import { judgeUntried } from '../waivers.ts';

export const lintStep = defineStep({
  name: 'lint',
  reads: ['plan_step', 'plan_model', 'spec_step', 'spec_name', 'waived', 'checks_before'],
  writes: ['diagnostics', 'failed_step', 'patch_feedback', 'untried', 'waived', 'checks'],
  async run(context) {
    const chosen = context.settings.lint_tool;
    const tool = toolPlace(chosen, 'lint')?.id ?? chosen;
    const verification = await verificationOf(context.paths.root, context.env);
    const lists = verification?.lists ?? (await collectFilelists(context.paths.root, context.env));
    const plan = readPlan(context);
    const top = plan.top.name;
    const fail = (diagnostics: readonly Diagnostic[], summary: string) => ({
      kind: 'next' as const,
      event: 'FAIL' as const,
      summary,
      facts: { diagnostics: [...diagnostics], failed_step: context.stepId, patch_feedback: [] },
    });
    const { missing, differs } = await topFaults(context.paths.root, lists, plan);
    if (missing !== null) return fail([missing], stepSummary('findings', { errors: 1, warnings: 0 }));
    await requireReadableFolders(context.paths.root, lists.includeDirs);
    // a linter runs none of the code, so the job's lines are judged while it works
    let judging: Promise<Purity> | undefined;
    const judge = (): Promise<Purity> => (judging ??= judgeJobPurity(context, lists));
    if (verification !== null) {
      const purity = await judge();
      const findings = [...purity.findings, ...differs];
      const checked = await runProjectChecks(context, verification, partsOf(verification.checks).lint);
      const checks = [...checked.checks];
      const summary =
        checks.length > 0 ? checked.summary : stepSummary('findings', { errors: findings.length, warnings: 0 });
      if (checked.failed || findings.length > 0) {
        const outcome = fail([...findings, ...checked.diagnostics], summary);
        return { ...outcome, facts: { ...outcome.facts, checks } };
      }
      const { facts, error: untried } = await judgeUntried(context, [...purity.untried, ...checked.untried]);
      if (untried !== null) return halt(untried, { facts: { ...facts, checks } });
      const diagnostics = [...checked.diagnostics];
      return { kind: 'next', event: 'OK', summary, facts: { diagnostics, checks, ...facts } };
    }
    const result = await runJobTool(context, {
      tool_id: chosen,
      action: 'lint',
      ...compileInput(lists, 'rtl'),
      top,
      runDir: context.runDir,
      onState: (state) => {
        if (state === 'running') judge().catch(() => undefined);
      },
    });
    const purity = await judge();
    const findings = [...purity.findings, ...differs];
    const reason = await logReason(result, context.runDir);
    const error = verdictError(tool, result.verdict, toolTimeoutMs(context.env), reason);
    if (error) return halt(error);
    const summary = stepSummary('findings', {
      errors: result.counts.error + findings.length,
      warnings: result.counts.warning,
    });
    if (result.verdict === 'pass' && findings.length === 0) {
      const { facts, error: untried } = await judgeUntried(context, purity.untried);
      if (untried !== null) return halt(untried, { facts });
      return { kind: 'next', event: 'OK', summary, facts: { diagnostics: [...result.diagnostics], ...facts } };
    }
    if (result.verdict === 'pass') return fail([...findings, ...result.diagnostics], summary);
    const diagnostics = withCause(
      result.diagnostics,
      tool,
      `${tool} refused the design without naming a line; see its log.`,
    );
    if (isVendorRootCause(diagnostics)) {
      return halt(
        new GenrtlError('VENDOR_ROOT_CAUSE', diagnostics[0]?.message ?? 'The fault lies in a purchased package.'),
        { facts: { diagnostics } },
      );
    }
    return fail([...findings, ...diagnostics], summary);
  },
});
