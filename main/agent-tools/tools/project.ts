// project_show, checks_run: what a project is made of, and what verifies it. Commands run only where a person trusted
// them.
import { z } from 'zod';
import { CheckResult, ProjectView } from '@genrtl/contracts';
import { listChecks, runChecks } from '../../checks/project-checks.ts';
import { loadProject } from '../../project/load-project.ts';
import { projectView } from '../../project/project-view.ts';
import { defineTool } from '../define-tool.ts';

const Workspace = z.string().max(4096).default('.').describe('folder of the project');

export const projectShow = defineTool({
  name: 'project_show',
  title: 'Show a project',
  readOnly: true,
  description:
    'The project as tools see it: sources in compile order, include folders, defines, tops, testbenches, checks, and what patches may touch.',
  input: z.strictObject({ workspace: Workspace }),
  output: { project: ProjectView },
  work: async (args, { context }) => {
    const workspace = await context.roots.resolve(args.workspace);
    const [project, { checks }] = await Promise.all([
      loadProject(workspace, context.env),
      listChecks(workspace, context.env),
    ]);
    return { data: { project: await projectView(project, checks) }, evidence: [] };
  },
});

export const checksRun = defineTool({
  name: 'checks_run',
  title: 'Run the checks of a project',
  readOnly: false,
  description:
    'Runs the checks that verify the project, some by name or all in their order; returns verdicts, tests, findings and waivers. Commands of the project run only after a person trusted exactly these.',
  input: z.strictObject({
    workspace: Workspace,
    names: z.array(z.string().max(64)).max(200).default([]).describe('default: all'),
  }),
  output: { passed: z.boolean(), checks: z.array(CheckResult) },
  work: async (args, { context, signal, progress }) => {
    const workspace = await context.roots.resolve(args.workspace);
    return context.toolRun(async () => {
      let done = 0;
      const checks = await runChecks({
        workspace,
        names: args.names,
        env: context.env,
        signal: AbortSignal.any([signal, context.signal]),
        onStart: (name) => progress(done++, name),
      });
      return {
        data: { passed: checks.every(({ verdict }) => verdict === 'pass'), checks },
        evidence: checks.flatMap(({ run_folder: folder }) =>
          folder === null ? [] : [context.roots.cite(`${workspace}/${folder}/check.json`)],
        ),
      };
    });
  },
});
