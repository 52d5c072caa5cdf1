// Calls of the rooms around the job: waveforms, consoles, single tool runs, the review of changes.
import { GenrtlError, toolIdFrom, type ToolId } from '@genrtl/contracts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import path from 'node:path';
import { collectFilelists } from '../../cbb/index.ts';
import { chosenTools } from '../../checks/project-checks.ts';
import { netlistCells } from '../../checks/netlist-size.ts';
import { projectTool, type SessionAction } from '../../checks/tool-session.ts';
import { readSettings } from '../../project/effective.ts';
import type { Findings } from '../../findings/findings.ts';
import { decideReview, leaveOutProposed, readProposed, readReview, restoreRejected } from '../../review/index.ts';
import type { Terminals } from '../../terminal/terminals.ts';
import { findWaves } from '../../waves/wave-library.ts';
import type { Waves } from '../../waves/waves.ts';
import { containedPath } from '../../workspace/contained-path.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import { readLogWindow } from '../../workspace/run-folder.ts';
import { workspacePaths } from '../../workspace/paths.ts';
import type { IpcServices } from '../services.ts';

type WaveCalls = 'waves.files' | 'waves.open' | 'waves.window' | 'waves.edge' | 'waves.find' | 'waves.compare';
type TerminalCalls =
  | 'terminal.open'
  | 'terminal.list'
  | 'terminal.attach'
  | 'terminal.write'
  | 'terminal.resize'
  | 'terminal.ack'
  | 'terminal.close';
type ReviewCalls =
  | 'review.read'
  | 'review.proposed'
  | 'review.leave_out'
  | 'review.decide'
  | 'review.restore'
  | 'tools.run'
  | 'tools.log';

export function waveHandlers(library: Waves, workspaces: OpenWorkspaces): Pick<IpcHandlers, WaveCalls> {
  const absolute = (workspace: string, file: string): Promise<string> =>
    containedPath(workspaces.require(workspace), file);
  return {
    'waves.files': async ({ workspace }) => ({ files: await findWaves(workspaces.require(workspace)) }),
    'waves.open': async ({ workspace, path: file }) => library.open(await absolute(workspace, file)),
    'waves.window': async ({ workspace, path: file, signals, from, to, pixels }) => ({
      rows: await library.window(await absolute(workspace, file), signals, from, to, pixels),
    }),
    'waves.edge': async ({ workspace, path: file, signal, from, direction }) => ({
      tick: await library.edge(await absolute(workspace, file), signal, from, direction),
    }),
    'waves.compare': async ({ workspace, path: file, other, scopes }) =>
      library.compare(await absolute(workspace, file), await absolute(workspace, other), scopes),
    'waves.find': async ({ workspace, path: file, signal, from, direction, condition }) => ({
      tick: await library.find(await absolute(workspace, file), signal, from, direction, condition),
    }),
  };
}

export function terminalHandlers(terminals: Terminals, workspaces: OpenWorkspaces): Pick<IpcHandlers, TerminalCalls> {
  return {
    'terminal.open': async ({ workspace, columns, rows, title }) => {
      const opened = terminals.open(workspaces.require(workspace), columns, rows, title);
      return { terminal_id: opened.id, title: opened.title };
    },
    'terminal.list': async ({ workspace }) => ({ terminals: terminals.list(workspaces.require(workspace)) }),
    'terminal.attach': async ({ terminal_id }) => ({ text: terminals.attach(terminal_id) }),
    'terminal.write': async ({ terminal_id, data }) => {
      terminals.write(terminal_id, data);
      return {};
    },
    'terminal.resize': async ({ terminal_id, columns, rows }) => {
      terminals.resize(terminal_id, columns, rows);
      return {};
    },
    'terminal.ack': async ({ terminal_id, characters }) => {
      terminals.ack(terminal_id, characters);
      return {};
    },
    'terminal.close': async ({ terminal_id }) => {
      terminals.close(terminal_id);
      return {};
    },
  };
}

export function reviewHandlers(
  services: IpcServices,
  workspaces: OpenWorkspaces,
  findings: Findings,
): Pick<IpcHandlers, ReviewCalls> {
  return {
    'review.read': async ({ workspace }) => readReview(workspaces.require(workspace)),
    'review.decide': async ({ workspace, decision, targets }) =>
      decideReview(workspaces.require(workspace), decision, targets),
    'review.proposed': async ({ workspace }) => readProposed(workspaces.require(workspace)),
    'review.leave_out': async ({ workspace, targets }) => {
      const left = await leaveOutProposed(workspaces.require(workspace), targets);
      const state = await services.jobs.state(workspace);
      if (state !== null)
        services.pushes.publish({ push: 'job.update', payload: { workspace, update: { type: 'state', state } } });
      return left;
    },
    'review.restore': async ({ workspace, id }) => restoreRejected(workspaces.require(workspace), id),
    'tools.run': async ({
      workspace,
      tool,
      action,
      waves,
      top = null,
      accept_unconfined: acceptUnconfined = false,
    }) => {
      const root = workspaces.require(workspace);
      const id = tool === null ? await ownTool(root, action, services.env) : toolIdFrom(tool);
      if (id === undefined) throw new GenrtlError('REQUEST_INVALID', `There is no tool ${tool?.slice(0, 40)}.`);
      const { lastRun } = workspacePaths(root);
      const at = new Date().toISOString();
      const result = await services.runTool({
        workspace: root,
        tool: id,
        action,
        top,
        runDir: lastRun,
        waves,
        acceptUnconfined,
      });
      const source = action === 'simulate' ? 'sim' : action;
      findings.report(root, { source, tool: id, at, findings: result.diagnostics });
      if (result.error !== null && result.diagnostics.length === 0) throw result.error;
      return {
        tool: result.tool,
        top: result.tops[0] ?? null,
        passed: result.passed,
        verdict: result.verdict,
        diagnostics: [...result.diagnostics],
        tests: [...result.tests],
        confinement: result.confinement,
        cells: action === 'synthesise' && result.passed ? await netlistCells(lastRun) : null,
        waves: waves ? path.relative(root, path.join(lastRun, 'waves.vcd')).replaceAll(path.sep, '/') : null,
      };
    },
    'tools.log': async ({ workspace, stream, offset }) =>
      // Yosys writes into a log of its own and says nothing on its streams
      readLogWindow(workspacePaths(workspaces.require(workspace)).lastRun, stream, offset, 'yosys.log'),
  };
}

async function ownTool(root: string, action: SessionAction, env: NodeJS.ProcessEnv): Promise<ToolId> {
  const [lists, settings] = await Promise.all([collectFilelists(root, env), readSettings(env, root)]);
  const chosen = chosenTools(lists, settings);
  if (action === 'lint') return chosen.lint;
  if (action === 'simulate') return chosen.sim;
  // the person's linter where it elaborates too
  const own = adapterById(chosen.lint)?.actions.includes(action) === true;
  return action === 'elaborate' && own ? chosen.lint : projectTool(lists, action);
}
