// A session without a tool, for the offline tests of skills: answers requests from a test case and puts its recorded
// reports in place.
import { appendFile, cp, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { SkillErrorType } from '@genrtl/contracts/skill-failures.ts';
import { SkillRequest, type SkillAck } from '@genrtl/contracts/skill-run.ts';
import { readJson, readText } from '@genrtl/disk/records.ts';
import { SkillFault } from './fault.ts';
import { sessionLogs, type SessionStarter } from './session.ts';

const MockAck = z.strictObject({
  status: z.enum(['PASS', 'FAIL']).default('PASS'),
  error_type: SkillErrorType.default('SCRIPT_ERROR'),
  message: z.string().default(''),
});

/**
 * `tests/<case>/case.yaml`; recorded reports lie in `tests/<case>/reports`, what the tool printed meanwhile in
 * `logs/restore.txt` and `logs/run.txt`.
 */
export const SkillTestCase = z.strictObject({
  schema_version: z.literal(1),
  title: z.string(),
  /** the tool and version that the reports were recorded from, or who wrote them */
  recorded_from: z.string(),
  design: z.string().default('design'),
  /** path of the database, relative to the case's folder */
  database: z.string().nullable().default(null),
  parameters: z.record(z.string(), z.unknown()).default({}),
  tool_version: z.string().default(''),
  acks: z
    .strictObject({
      restore: MockAck.default({ status: 'PASS', error_type: 'SCRIPT_ERROR', message: '' }),
      run: MockAck.default({ status: 'PASS', error_type: 'SCRIPT_ERROR', message: '' }),
    })
    .default({
      restore: { status: 'PASS', error_type: 'SCRIPT_ERROR', message: '' },
      run: { status: 'PASS', error_type: 'SCRIPT_ERROR', message: '' },
    }),
  expect: z.strictObject({
    status: z.enum(['DONE', 'FAIL', 'WAITING_SELECTION']),
    error_type: SkillErrorType.optional(),
    /** values by metric name; names left out are not compared */
    metrics: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).default({}),
  }),
});
export type SkillTestCase = z.infer<typeof SkillTestCase>;

export function mockSessionStarter(test: SkillTestCase, caseFolder: string): SessionStarter {
  return async ({ dir, host, log }) => {
    await log('INFO', 'SESSION_STARTED', 'mock session', { argv: [] });
    const answer = async (name: string): Promise<void> => {
      const request = await readJson(path.join(dir.queue, name), SkillRequest);
      if (request === null || (await readText(path.join(dir.ack, name))) !== null) return;
      const spec =
        request.request_id === '0001_restore'
          ? test.acks.restore
          : request.request_id === '0002_run'
            ? test.acks.run
            : null;
      const failed = spec?.status === 'FAIL';
      const said = await readText(path.join(caseFolder, 'logs', `${request.request_id.slice(5)}.txt`));
      if (said !== null) await appendFile(sessionLogs(dir, host).stdout, said);
      if (request.request_id === '0002_run' && !failed)
        await cp(path.join(caseFolder, 'reports'), dir.reports, { recursive: true }).catch(() => undefined);
      const now = Date.now();
      const ack: SkillAck = {
        schema_version: 1,
        request_id: request.request_id,
        status: failed ? 'FAIL' : 'PASS',
        error_type: failed ? spec.error_type : '',
        message: failed ? spec.message : '',
        error_info: '',
        error_code: 'NONE',
        error_line: 0,
        script: 'script' in request ? request.script : '',
        script_sha256: 'script_sha256' in request ? request.script_sha256 : '',
        received_ms: now,
        finished_ms: now,
        pid: process.pid,
        processor_version: 'mock',
      };
      await writeFile(path.join(dir.ack, name), JSON.stringify(ack));
    };
    return {
      ready: {
        schema_version: 1,
        pid: process.pid,
        host: 'mock',
        tool_version: test.tool_version,
        tcl_version: '',
        processor_version: 'mock',
      },
      waitFor: async (probe) => {
        for (const name of (await readdir(dir.queue)).sort()) await answer(name);
        const value = probe();
        if (value === null) throw new SkillFault('INTERNAL', 'the mock session had no answer');
        return value;
      },
      stop: () =>
        Promise.resolve({
          schema_version: 1,
          state: 'EXITED',
          argv: [],
          pid: null,
          host: 'mock',
          boot_id: '',
          tool: null,
          exit_code: 0,
          signal: null,
          stop: 'orderly',
          heartbeats: 0,
          longest_silence_ms: 0,
          started_at: new Date().toISOString(),
          exited_at: new Date().toISOString(),
        }),
    };
  };
}
