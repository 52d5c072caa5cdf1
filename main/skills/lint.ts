// `skill lint`: the skill's files are legal, documented, and its offline tests pass without any tool.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { LauncherSettings, SkillSummary } from '@genrtl/contracts/skill-run.ts';
import type { Diagnostic } from '@genrtl/contracts';
import { readJson } from '@genrtl/disk/records.ts';
import { readSkill, type Skill } from './catalogue.ts';
import { lintTemplate } from './lint-template.ts';
import { mockSessionStarter, SkillTestCase } from './mock-session.ts';
import { runJob } from './orchestrator.ts';
import { runDirAt } from './run-dir.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

export interface SkillLintResult {
  readonly skill: string;
  readonly passed: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly tests: readonly { readonly name: string; readonly passed: boolean; readonly problems: readonly string[] }[];
}

const note = (severity: Diagnostic['severity'], code: string, file: string, message: string, line = 1): Diagnostic => ({
  tool: 'genrtl',
  severity,
  code,
  message,
  file,
  line,
});

/** SKILL.md must explain every metric and parameter: it is all that a reader of a summary has. */
async function lintDocument(skill: Skill): Promise<Diagnostic[]> {
  const text = await readRegular(path.join(skill.folder, 'SKILL.md'), 'utf8').catch(() => null);
  if (text === null) return [note('error', 'SKILL_DOCUMENT', 'SKILL.md', 'SKILL.md is missing')];
  const properties = Object.keys((skill.contract.parameters['properties'] ?? {}) as Record<string, unknown>);
  const missing = (names: readonly string[], what: string): Diagnostic[] =>
    names
      .filter((name) => !text.includes(`\`${name}\``))
      .map((name) => note('error', 'SKILL_DOCUMENT', 'SKILL.md', `SKILL.md does not explain the ${what} \`${name}\``));
  return [
    ...missing(
      skill.metrics.map((metric) => metric.name),
      'metric',
    ),
    ...missing(properties, 'parameter'),
  ];
}

async function runCase(skill: Skill, name: string): Promise<string[]> {
  const folder = path.join(skill.folder, 'tests', name);
  const parsed = SkillTestCase.safeParse(parse(await readRegular(path.join(folder, 'case.yaml'), 'utf8')));
  if (!parsed.success) return parsed.error.issues.map((issue) => `case.yaml ${issue.path.join('.')}: ${issue.message}`);
  const test = parsed.data;
  const runRoot = await mkdtemp(path.join(os.tmpdir(), 'genrtl-skill-test-'));
  try {
    const result = await runJob(
      runRoot,
      {
        skillFolder: skill.folder,
        skillSha256: null,
        design: test.design,
        database: test.database,
        searchPaths: [folder],
        parameters: test.parameters,
        launcher: LauncherSettings.parse({ id: 'local' }),
        tool: null,
        pollMs: 1,
        heartbeatMs: 1000,
        maxLogBytes: 1024 * 1024,
        jobId: null,
      },
      {
        cwd: folder,
        env: {},
        signal: new AbortController().signal,
        onEvent: () => undefined,
        startSession: mockSessionStarter(test, folder),
      },
    );
    const problems: string[] = [];
    if (result.status !== test.expect.status)
      problems.push(
        `status is ${result.status}, expected ${test.expect.status}${result.error ? ` (${result.error.message})` : ''}`,
      );
    if ((result.error_type ?? undefined) !== test.expect.error_type)
      problems.push(`error_type is ${result.error_type ?? 'none'}, expected ${test.expect.error_type ?? 'none'}`);
    const summary = await readJson(runDirAt(result.run_dir).summaryJson, SkillSummary);
    for (const [metric, expected] of Object.entries(test.expect.metrics)) {
      const found = summary?.metrics.find((each) => each.name === metric)?.value;
      if (found !== expected) problems.push(`${metric} is ${String(found)}, expected ${String(expected)}`);
    }
    return problems;
  } finally {
    await rm(runRoot, { recursive: true, force: true });
  }
}

export async function lintSkill(folder: string): Promise<SkillLintResult> {
  const name = path.basename(path.resolve(folder));
  const { skill, diagnostics: faults } = await readSkill(folder);
  const diagnostics = [...faults];
  const tests: { name: string; passed: boolean; problems: readonly string[] }[] = [];
  if (skill !== null) {
    diagnostics.push(...(await lintDocument(skill)), ...lintTemplate(skill));
    const entries = await readdir(path.join(skill.folder, 'tests'), { withFileTypes: true }).catch(() => []);
    const names = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
    if (names.length === 0) diagnostics.push(note('error', 'SKILL_TESTS', 'tests', 'tests/ holds no case'));
    for (const each of names) {
      const problems = await runCase(skill, each).catch((error: unknown) => [(error as Error).message]);
      tests.push({ name: each, passed: problems.length === 0, problems });
      diagnostics.push(...problems.map((problem) => note('error', 'SKILL_TESTS', `tests/${each}/case.yaml`, problem)));
    }
    const happy = await Promise.all(
      names.map(async (each) =>
        /status:\s*DONE/.test(
          await readRegular(path.join(skill.folder, 'tests', each, 'case.yaml'), 'utf8').catch(() => ''),
        ),
      ),
    );
    if (names.length > 0 && !happy.includes(true))
      diagnostics.push(note('error', 'SKILL_TESTS', 'tests', 'no case expects DONE'));
  }
  return { skill: name, passed: !diagnostics.some((each) => each.severity === 'error'), diagnostics, tests };
}
