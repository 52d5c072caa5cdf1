// The checks of a project as they will run: its own in their order, or lint and then every testbench.
import type { CheckConfig, CommandNeeds, FindingWaiver, ProjectFile, ToolId } from '@genrtl/contracts';
import { CommandNeeds as Needs } from '@genrtl/contracts';
import { joined } from '../filelist/includes.ts';

interface Common {
  readonly name: string;
  readonly failOn: 'error' | 'warning';
  /** the path of a file of waivers, or the waivers */
  readonly waivers: string | readonly FindingWaiver[];
  /** null: the default */
  readonly timeoutMs: number | null;
}

export interface LintCheck extends Common {
  readonly kind: 'lint';
  readonly tool: ToolId;
  /** null: the project's top, or what the tool finds */
  readonly top: string | null;
}

export interface SimCheck extends Common {
  readonly kind: 'sim';
  readonly tool: ToolId;
  /** null: every testbench */
  readonly benches: readonly string[] | null;
  readonly plusargs: readonly string[];
}

export interface CommandCheck extends Common {
  readonly kind: 'command';
  readonly command: readonly [string, ...string[]];
  /** relative to the workspace root; `.` is the root */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logs: readonly string[];
  readonly parser: ToolId | null;
  readonly results: readonly string[];
  readonly pass: string | null;
  readonly fail: string | null;
  readonly needs: CommandNeeds;
}

export type PlannedCheck = LintCheck | SimCheck | CommandCheck;

export interface DefaultTools {
  readonly lint: ToolId;
  readonly sim: ToolId;
}

/** `tools`: of the default checks, where the project names none. */
export function plannedChecks(config: ProjectFile | null, tools: DefaultTools): PlannedCheck[] {
  if (config?.checks !== undefined) return config.checks.map(planned);
  const common = { failOn: 'error', waivers: [], timeoutMs: null } as const;
  return [
    { ...common, kind: 'lint', name: 'lint', tool: tools.lint, top: null },
    { ...common, kind: 'sim', name: 'sim', tool: tools.sim, benches: null, plusargs: [] },
  ];
}

function planned(check: CheckConfig): PlannedCheck {
  const common: Common = {
    name: check.name,
    failOn: check.fail_on ?? 'error',
    waivers: check.waivers ?? [],
    timeoutMs: check.timeout_s === undefined ? null : check.timeout_s * 1000,
  };
  if (check.lint !== undefined) return { ...common, kind: 'lint', tool: check.lint, top: check.top ?? null };
  if (check.sim !== undefined)
    return {
      ...common,
      kind: 'sim',
      tool: check.sim,
      benches: check.benches ?? null,
      plusargs: check.plusargs ?? [],
    };
  const [program = '', ...args] = check.command ?? [];
  return {
    ...common,
    kind: 'command',
    command: [program, ...args],
    cwd: joined('.', check.cwd ?? '.') ?? check.cwd ?? '.',
    env: check.env ?? {},
    logs: listOf(check.log),
    parser: check.parser ?? null,
    results: listOf(check.results),
    pass: check.pass ?? null,
    fail: check.fail ?? null,
    needs: check.needs ?? Needs.parse({}),
  };
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/**
 * What a person trusts: everything that decides what runs and what it reaches. Texts are equal when the runs are; how
 * the result is judged is no part of it.
 */
export function trustText({ command, cwd, env, needs }: CommandCheck): string {
  const sorted = Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify({
    command,
    cwd,
    env: sorted,
    needs: {
      network: needs.network,
      home: [...needs.home].sort(),
      env: [...needs.env].sort(),
      write: [...needs.write].sort(),
      read: [...needs.read].sort(),
    },
  });
}

/** As a person reads it: `make sim TEST=smoke (in dv)`. */
export function checkText(check: PlannedCheck): string {
  if (check.kind !== 'command') return check.tool;
  const words = check.command.map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  return `${words.join(' ')}${check.cwd === '.' ? '' : ` (in ${check.cwd})`}`;
}

/** Where a file of a command may lie: below its folder, else below the root. Patterns relative to the root. */
export function outputPlaces(check: CommandCheck, file: string): string[] {
  const places = [joined(check.cwd, file), joined('.', file)].filter((place) => place !== null);
  return [...new Set(places)];
}
