// docs/skills says what the code does: no field, file, event or failure class is missing there.
// `npx vitest run test/skills/documents.test.ts --update=all` writes failures.md anew.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { BatchRecord } from '@genrtl/contracts/skill-batch.ts';
import { ContractSnapshot, DbForm, LauncherId } from '@genrtl/contracts/skill-contract.ts';
import {
  DebugBundleIndex,
  Heartbeat,
  HostLogLine,
  HostLogRecord,
  JobManifest,
  MetricValue,
  SessionReady,
  SessionState,
  SkillAck,
  SkillRequest,
  SkillState,
  SkillSummary,
  TimelineEvent,
} from '@genrtl/contracts/skill-run.ts';
import { SKILL_FAILURES } from '@genrtl/contracts/skill-failures.ts';
import { DB_FORMS } from '../../main/skills/db-forms.ts';
import { RUN_SUBDIRECTORIES } from '../../main/skills/run-dir.ts';

const document = (name: string): string =>
  readFileSync(path.resolve(import.meta.dirname, '../../docs/skills', name), 'utf8');
const source = (name: string): string =>
  readFileSync(path.resolve(import.meta.dirname, '../../main/skills', name), 'utf8');

describe('protocols.md', () => {
  const text = document('protocols.md');
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
  const lacks = (words: readonly string[]): string[] =>
    words.filter((word) => !spans.some((span) => new RegExp(`\\b${word}\\b`).test(span)));

  it.each(
    Object.entries({
      JobManifest,
      TimelineEvent,
      ContractSnapshot,
      SkillAck,
      SessionReady,
      Heartbeat,
      SessionState,
      SkillSummary,
      DebugBundleIndex,
      HostLogRecord,
      HostLogLine,
      BatchRecord,
      MetricValue,
    }) as [string, z.ZodObject][],
  )('names every field of %s', (_, schema) => {
    expect(lacks(Object.keys(schema.shape))).toEqual([]);
  });

  it('names every field of a request, every state, launcher and database form with its files', () => {
    expect(lacks(SkillRequest.options.flatMap((option) => Object.keys(option.shape)))).toEqual([]);
    expect(lacks([...SkillState.options, ...LauncherId.options, ...DbForm.options])).toEqual([]);
    for (const spec of Object.values(DB_FORMS)) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${spec.form}\``)) ?? '';
      for (const part of spec.parts)
        expect([spec.form, row.includes(`\`<name>${part.suffix}\``)]).toEqual([spec.form, true]);
      expect([spec.form, /\| yes/.test(row)]).toEqual([spec.form, spec.runsForeignCode]);
    }
  });

  it('names every event that the runtime writes, and every folder', () => {
    const events = ['orchestrator.ts', 'job.ts', 'job-states.ts', 'session.ts'].flatMap((file) =>
      [...source(file).matchAll(/log\(\s*'(?:INFO|WARN|ERROR)',\s*'([A-Z_]+)'/g)].map((match) => match[1] ?? ''),
    );
    expect(new Set(events).size).toBeGreaterThan(12);
    expect(lacks([...new Set(events)])).toEqual([]);
    for (const folder of RUN_SUBDIRECTORIES) expect(text).toContain(`\`${folder}/`);
  });
});

describe('failures.md', () => {
  it('is the table', async () => {
    const retry = { no: 'no', after_fix: 'after mending the cause', yes: 'yes' } as const;
    const cell = (words: string): string => words.replaceAll('|', '\\|');
    const rows = Object.entries(SKILL_FAILURES).map(
      ([type, entry]) =>
        `| \`${type}\` | ${cell(entry.meaning)} | ${cell(entry.cause)} | ${cell(entry.look)} | ${retry[entry.retry]} | ${entry.exit} |`,
    );
    await expect(
      `${[
        '# Failure taxonomy of skill jobs',
        '',
        'Every failed job carries exactly one `error_type` of this table, in `job_manifest.json`, in the timeline and in its debug bundle. The table is `contracts/skill-failures.ts`; this page is made from it. `test/skills/failures.test.ts` provokes each class for real.',
        '',
        '| error_type | meaning | typical cause | look first at | try again | exit |',
        '|---|---|---|---|---|---:|',
        ...rows,
      ].join('\n')}\n`,
    ).toMatchFileSnapshot('../../docs/skills/failures.md');
  });
});
