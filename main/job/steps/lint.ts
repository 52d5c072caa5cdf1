// lint: the RTL through the chosen linter. Errors gate, warnings are shown.
import { GenrtlError, stepSummary } from '@genrtl/contracts';
import { isVendorRootCause } from '@genrtl/core/evidence/index.ts';
import { readFilelists } from '../../cbb/index.ts';
import { readPlan } from '../job-files.ts';
import { defineStep, halt } from '../step.ts';
import { verdictError } from '../../checks/verdict-error.ts';
import { runJobTool, toolTimeoutMs, withCause } from '../tool-run.ts';

export const lintStep = defineStep({
  name: 'lint',
  reads: ['plan_step'],
  writes: ['diagnostics', 'failed_step', 'patch_feedback'],
  async run(context) {
    const tool = context.settings.lint_tool;
    const lists = await readFilelists(context.paths.root);
    const result = await runJobTool(context, {
      tool_id: tool,
      action: 'lint',
      sources: lists.rtl,
      includeDirs: lists.includeDirs,
      top: readPlan(context).top.name,
      runDir: context.runDir,
    });
    const error = verdictError(tool, result.verdict, toolTimeoutMs(context.env));
    if (error) return halt(error);
    const summary = stepSummary('findings', { errors: result.counts.error, warnings: result.counts.warning });
    if (result.verdict === 'pass')
      return { kind: 'next', event: 'OK', summary, facts: { diagnostics: [...result.diagnostics] } };
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
    return {
      kind: 'next',
      event: 'FAIL',
      summary,
      facts: { diagnostics, failed_step: context.stepId, patch_feedback: [] },
    };
  },
});
