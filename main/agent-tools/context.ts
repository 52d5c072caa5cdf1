// What all sessions of one MCP server share: folders, skills, running jobs, the backend's connection.
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { BackendClient } from '../cloud/backend-client.ts';
import { connectBackend, type BackendConnection } from '../processes/backend.ts';
import { runRootOf, skillFoldersOf, type SkillContext } from '../skills/index.ts';
import { Roots } from './roots.ts';
import { SkillJobs } from './skill-jobs.ts';

/**
 * Runs of EDA tools (skills' jobs apart) that may go on at once; more are refused, so that an agent in a loop cannot
 * fill the machine.
 */
const MAX_TOOL_RUNS = 4;

export interface AgentToolContext {
  readonly env: NodeJS.ProcessEnv;
  readonly roots: Roots;
  readonly skills: SkillContext;
  readonly jobs: SkillJobs;
  /** aborted when the server stops */
  readonly signal: AbortSignal;
  /** folders whose files `evidence_read` may show: run directories, tool runs, skills */
  readonly evidenceFolders: readonly string[];
  /** one connection for the life of the server, made at the first use */
  backend(): Promise<BackendClient>;
  /** Throws RATE_LIMITED when too many tools run. */
  toolRun<T>(work: () => Promise<T>): Promise<T>;
  /** Cancels what runs, waits for its end and lets the backend go. */
  close(): Promise<void>;
}

/** Where lint and simulation of agents leave their records, below a workspace. */
export const toolRunsOf = (workspace: string): string => path.join(workspace, '.genRTL', 'tool-runs');

export function openContext(options: { env: NodeJS.ProcessEnv; cwd: string; signal: AbortSignal }): AgentToolContext {
  const { env, cwd } = options;
  const roots = new Roots(cwd, env);
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const skills: SkillContext = { cwd, env, signal };
  const jobs = new SkillJobs(skills);
  let connection: Promise<BackendConnection> | null = null;
  let toolRuns = 0;
  const connected = async (): Promise<BackendConnection> => {
    const earlier = await connection?.catch(() => null);
    if (earlier && (await earlier.alive())) return earlier;
    connection = connectBackend(env);
    return connection;
  };
  return {
    env,
    roots,
    skills,
    jobs,
    signal,
    evidenceFolders: [
      runRootOf(skills),
      ...roots.folders.map(toolRunsOf),
      ...skillFoldersOf(skills).map(({ folder }) => folder),
    ],
    backend: async () => (await connected()).client,
    toolRun: async (work) => {
      if (toolRuns >= MAX_TOOL_RUNS)
        throw new GenrtlError('RATE_LIMITED', `${MAX_TOOL_RUNS} tool runs go on already.`, {
          hint: 'Wait until one of them ends.',
        });
      toolRuns += 1;
      try {
        return await work();
      } finally {
        toolRuns -= 1;
      }
    },
    close: async () => {
      stopping.abort();
      await jobs.close();
      await connection?.then(
        (open) => open.release(),
        () => undefined,
      );
    },
  };
}
