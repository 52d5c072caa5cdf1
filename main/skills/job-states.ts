// What a job does in each state. A handler returns its outcome or throws a SkillFault; the successor stands in
// states.ts.
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import type { ContractSnapshot, SkillHost } from '@genrtl/contracts/skill-contract.ts';
import type { DbCandidate, HostLogRecord, SkillRequest, SkillState } from '@genrtl/contracts/skill-run.ts';
import { sha256 } from '@genrtl/disk/records.ts';
import { readSkill, TCL_RESOURCES } from './catalogue.ts';
import { DB_FORMS } from './db-forms.ts';
import { SkillFault } from './fault.ts';
import { hostLogFault, markLogs, quotedErrors, readHostLog, writeHostLog } from './host-log.ts';
import { HOSTS, type HostSpec } from './hosts.ts';
import type { Job } from './job.ts';
import { candidateFault, locateDb } from './locator.ts';
import { readMetrics } from './metrics.ts';
import { validateOutputs } from './outputs.ts';
import { checkParameters, foldersOf, sha256OfFile } from './parameters.ts';
import { createSubdirectories, replaceJson, writeNew, writeNewDurably } from './run-dir.ts';
import { refuseForeignRequests, REQUEST_IDS, runRequest, submitStop } from './requests.ts';
import { renderBoot, renderRestoreWrapper, renderSkillScript } from './scripts.ts';
import { skillHash } from './skill-trust.ts';
import type { StateOutcome } from './states.ts';
import { buildSummary, summaryMarkdown } from './summary.ts';

type Handler = (job: Job) => Promise<StateOutcome>;

function snapshotOf(job: Job): ContractSnapshot {
  if (job.snapshot === null)
    throw new SkillFault('CONTRACT_INVALID', 'contract.json of the run directory is missing or unreadable.', [
      'contract.json',
    ]);
  return job.snapshot;
}

const hostOf = (job: Job): HostSpec => HOSTS[snapshotOf(job).contract.host];

function writeScript(job: Job, name: string, text: string): void {
  writeNew(path.join(job.dir.root, name), text);
  job.manifest.scripts[name] = sha256(text);
}

/**
 * Tcl 8.6 keeps characters beyond U+FFFF in two halves. Its own commands put them together for a file's name; the
 * commands of a tool around it look for another file.
 */
function requireNameable(host: SkillHost, what: string, file: string): void {
  const beyond = /[\u{10000}-\u{10ffff}]/u.exec(file);
  if (beyond === null || host === 'tclsh') return;
  throw new SkillFault(
    'PARAMETER_INVALID',
    `The path of ${what}, ${file}, holds ${beyond[0]}, and ${HOSTS[host].title} cannot open such a file: use a path without it.`,
    ['job_manifest.json'],
  );
}

/** Paths of the person's in scripts, for which a debug bundle puts its copies in. */
function inputsOf(job: Job): ReadonlySet<string> {
  const { parameters, inputs } = job.manifest;
  return new Set([...Object.keys(inputs), ...foldersOf(snapshotOf(job).contract.parameters, parameters)]);
}

const init: Handler = () => Promise.resolve('ok');

const prepareRunDir: Handler = async (job) => {
  await createSubdirectories(job.dir);
  const { manifest } = job;
  const { skill, diagnostics } = await readSkill(manifest.skill.path);
  if (skill === null) {
    await copyFile(
      path.join(manifest.skill.path, 'contract.yaml'),
      path.join(job.dir.session, 'contract.rejected.yaml'),
    ).catch(() => undefined);
    throw new SkillFault(
      'CONTRACT_INVALID',
      diagnostics.map((each) => `${each.file ?? ''}:${each.line ?? 1}: ${each.message}`).join('; '),
      ['session/contract.rejected.yaml'],
    );
  }
  if (job.skillSha256 !== null && job.skillSha256 !== skillHash(skill))
    throw new SkillFault('CONTRACT_INVALID', 'The skill changed after it was looked at; trust it as it is now.', [
      'job_manifest.json',
    ]);
  const { contract } = skill;
  manifest.skill = { name: contract.name, version: contract.version, host: contract.host, path: manifest.skill.path };
  job.snapshot = { schema_version: 1, contract, metrics: [...skill.metrics], files: { ...skill.files } };
  await replaceJson(job.dir.contract, job.snapshot);
  const given = (name: string): boolean => {
    const value = name === 'database' ? manifest.locator.query : manifest.parameters[name];
    return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
  };
  if (contract.one_of.length > 0 && !contract.one_of.some(given))
    throw new SkillFault('PARAMETER_INVALID', `There is nothing to read: give ${contract.one_of.join(' or ')}.`, [
      'job_manifest.json',
      'contract.json',
    ]);
  const checked = await checkParameters(contract.parameters, manifest.parameters, job.environment.cwd);
  for (const [what, file] of [
    ['the run directory', job.dir.root],
    ...Object.keys(checked.inputs).map((each) => ['the input', each]),
  ])
    requireNameable(contract.host, what ?? '', file ?? '');
  if (manifest.design.includes('\0'))
    throw new SkillFault('PARAMETER_INVALID', 'The name of the design holds NUL.', ['job_manifest.json']);
  manifest.parameters = { ...checked.values };
  manifest.inputs = { ...checked.inputs };
  writeScript(
    job,
    `scripts/${contract.name}.tcl`,
    renderSkillScript(
      { name: contract.name, version: contract.version, template: skill.template },
      manifest.design,
      checked.values,
      inputsOf(job),
    ),
  );
  return 'ok';
};

/** The state's second half, also entered by a resume that brings the person's choice. */
async function selectDb(
  job: Job,
  candidate: DbCandidate,
  reason: 'explicit_path' | 'single_candidate' | 'user_selected',
): Promise<void> {
  const { manifest } = job;
  const fault = await candidateFault(candidate);
  if (fault !== null) throw new SkillFault('DB_INCOMPLETE', `${candidate.name}: ${fault}.`, ['job_manifest.json']);
  for (const file of Object.values(candidate.files))
    requireNameable(snapshotOf(job).contract.host, 'the database', file);
  manifest.locator.selected = candidate;
  manifest.locator.selection_reason = reason;
  const wrapper = 'scripts/restore_wrapper.tcl';
  const notAsserted = (snapshotOf(job).contract.database?.not_asserted ?? []).map((each) => each.assertion);
  writeScript(job, wrapper, renderRestoreWrapper(candidate, manifest.parameters, inputsOf(job), notAsserted));
  const [first] = DB_FORMS[candidate.form].parts;
  manifest.restore = {
    wrapper,
    wrapper_sha256: manifest.scripts[wrapper] ?? '',
    files: candidate.files,
    source_sha256: await sha256OfFile(candidate.files[first.role] ?? '').catch(() => null),
  };
  await job.log('INFO', 'DB_SELECTED', `${candidate.name} (${reason})`, { files: candidate.files });
}

const locate: Handler = async (job) => {
  const { manifest } = job;
  const { contract } = snapshotOf(job);
  const { query, search_paths: searchPaths, selected, selection_reason: reason } = manifest.locator;
  // resume stores the person's choice before it drives on
  if (selected !== null && reason === 'user_selected') {
    await selectDb(job, selected, reason);
    return 'ok';
  }
  if (contract.database === null || (query === null && !contract.database.required)) {
    manifest.locator.selection_reason = 'not_required';
    return 'ok';
  }
  if (query === null)
    throw new SkillFault('DB_NOT_FOUND', `${contract.name} needs a database: name one with --db.`, [
      'job_manifest.json',
    ]);
  const absolute = query.includes('/') ? path.resolve(job.environment.cwd, query) : query;
  const found = await locateDb({ query: absolute, forms: contract.database.forms, searchPaths });
  manifest.locator = { ...found, query };
  const cut = found.not_searched.map((each) => `${each.path}: ${each.reason}`).join('; ');
  await job.log(
    cut === '' ? 'INFO' : 'WARN',
    'DB_LOCATED',
    `${found.candidates.length} candidates, ${found.incomplete.length} incomplete${cut === '' ? '' : `; not searched: ${cut}`}`,
    {
      candidates: found.candidates.map((each) => Object.values(each.files)[0] ?? each.name),
      not_searched: found.not_searched,
    },
  );
  const [only, second] = found.candidates;
  // of a search that was not complete not even the only one is taken without asking
  if (second !== undefined || (only !== undefined && cut !== '')) return 'pause';
  if (only === undefined) {
    const reasons = found.incomplete.map((each) => each.reason).join('; ');
    const unseen = cut === '' ? '' : ` Not searched: ${cut}.`;
    throw found.incomplete.length > 0
      ? new SkillFault('DB_INCOMPLETE', `'${query}' is incomplete: ${reasons}.${unseen}`, ['job_manifest.json'])
      : new SkillFault(
          'DB_NOT_FOUND',
          `No database '${query}' (${contract.database.forms.join(', ')}) below ${found.search_paths.join(', ')}.${unseen}`,
          ['job_manifest.json'],
        );
  }
  await selectDb(job, only, query.includes('/') ? 'explicit_path' : 'single_candidate');
  return 'ok';
};

const start: Handler = async (job) => {
  const { dir, manifest, environment } = job;
  const { contract } = snapshotOf(job);
  const host = hostOf(job);
  for (const name of ['queue_processor.tcl', 'session_guard.sh'])
    await copyFile(path.join(TCL_RESOURCES, name), path.join(dir.session, name));
  writeNew(
    path.join(dir.session, 'boot.tcl'),
    renderBoot(host, {
      runDir: dir.root,
      jobId: manifest.job_id,
      pollMs: manifest.settings.poll_ms,
      heartbeatMs: manifest.settings.heartbeat_ms,
    }),
  );
  job.session = await environment.startSession({
    dir,
    jobId: manifest.job_id,
    host,
    tool: manifest.settings.tool,
    env: environment.env,
    signal: environment.signal,
    launcher: {
      ...manifest.launcher,
      cpus: manifest.launcher.cpus ?? contract.resources.cpus,
      memory_mb: manifest.launcher.memory_mb ?? contract.resources.memory_mb,
    },
    pollMs: manifest.settings.poll_ms,
    heartbeatMs: manifest.settings.heartbeat_ms,
    maxLogBytes: manifest.settings.max_log_bytes,
    startMs: contract.timeouts.start_s * 1000,
    busySilenceMs: contract.timeouts.silence_s * 1000,
    log: (level, event, message, data) => job.log(level, event, message, data),
  });
  manifest.versions.tool = job.session.ready.tool_version;
  manifest.versions.tcl = job.session.ready.tcl_version;
  return 'ok';
};

async function recordHostLog(job: Job): Promise<HostLogRecord> {
  const host = hostOf(job);
  const { contract } = snapshotOf(job);
  const record = await readHostLog(job.dir, host, job.manifest.job_id, job.logMarks, contract.allowed_log_lines);
  job.hostLog = record;
  await writeHostLog(job.dir, record);
  const borne = record.allowed.reduce((sum, each) => sum + each.lines, 0);
  await job.log(
    'INFO',
    'HOST_LOG',
    `${host.title} said ${record.errors} errors, ${borne} allowed ones, ${record.warnings} warnings`,
    { errors: record.errors, allowed: borne, warnings: record.warnings },
  );
  return record;
}

/** A script's fault with what the host said before it: the cause often stands there and not in Tcl's message. */
async function withLog(job: Job, fault: SkillFault): Promise<SkillFault> {
  const record = await recordHostLog(job);
  const said = quotedErrors(record);
  if (said === '' || record.lines.some((line) => fault.message.includes(line.text))) return fault;
  return new SkillFault(
    fault.type,
    `${fault.message} The log says: ${said}.`,
    [...fault.evidence, 'session/host_log.json'],
    fault,
  );
}

/**
 * Looks at the host's own log. After the last request the tool must have ended, so that nothing is left in its buffers.
 * Throws RESTORE_FAIL or LOG_ERROR.
 */
async function judgeHostLog(job: Job): Promise<void> {
  const fault = hostLogFault(await recordHostLog(job), hostOf(job));
  if (fault !== null) throw fault;
}

async function sourceScript(
  job: Job,
  id: string,
  script: string,
  limitMs: number,
  failAs: 'SCRIPT_ERROR' | 'RESTORE_FAIL',
): Promise<void> {
  if (job.session === null) throw new SkillFault('INTERNAL', 'there is no session');
  const request: Extract<SkillRequest, { action: 'SOURCE_TCL' }> = {
    schema_version: 1,
    request_id: id,
    job_id: job.manifest.job_id,
    action: 'SOURCE_TCL',
    script,
    script_sha256: job.manifest.scripts[script] ?? '',
    submitted_ms: Date.now(),
  };
  job.logMarks.push(markLogs(job.dir, hostOf(job), id));
  job.submitted.push(request);
  const ack = await runRequest(job.dir, job.session, request, limitMs, failAs).catch(async (error: unknown) => {
    throw error instanceof SkillFault && error.type === failAs ? await withLog(job, error) : error;
  });
  await job.log('INFO', 'ACK', `${id}: ${ack.status}`, {
    queue_ms: ack.received_ms - request.submitted_ms,
    run_ms: ack.finished_ms - ack.received_ms,
  });
  await refuseForeignRequests(job.dir, job.submitted);
}

const restore: Handler = async (job) => {
  const { restore: record } = job.manifest;
  if (record === null) {
    await job.log('INFO', 'RESTORE_SKIPPED', 'the skill runs without a database');
    return 'ok';
  }
  await job.log('INFO', 'RESTORE_AUDIT', `${record.wrapper} restores from outside the run directory`, {
    wrapper_sha256: record.wrapper_sha256,
    files: record.files,
    source_sha256: record.source_sha256,
  });
  await sourceScript(
    job,
    REQUEST_IDS.restore,
    record.wrapper,
    snapshotOf(job).contract.timeouts.restore_s * 1000,
    'RESTORE_FAIL',
  );
  await judgeHostLog(job);
  return 'ok';
};

const run: Handler = async (job) => {
  const { contract } = snapshotOf(job);
  await sourceScript(
    job,
    REQUEST_IDS.run,
    `scripts/${contract.name}.tcl`,
    contract.timeouts.run_s * 1000,
    'SCRIPT_ERROR',
  );
  // the tool ends before its outputs are judged, so that nothing is left in its buffers
  await job.session?.stop(() => {
    job.submitted.push(submitStop(job.dir, job.manifest.job_id));
  });
  job.session = null;
  await refuseForeignRequests(job.dir, job.submitted);
  await judgeHostLog(job);
  return 'ok';
};

const validate: Handler = async (job) => {
  job.outputs = await validateOutputs(job.dir, snapshotOf(job).contract);
  return 'ok';
};

const summarize: Handler = async (job) => {
  const { contract, metrics } = snapshotOf(job);
  const summary = buildSummary(
    job.manifest,
    contract,
    { metrics: await readMetrics(job.dir, metrics), outputs: job.outputs, hostLog: job.hostLog },
    new Date(),
  );
  writeNew(job.dir.summaryMd, summaryMarkdown(summary, contract));
  const text = `${JSON.stringify(summary, null, 2)}\n`;
  await writeNewDurably(job.dir.summaryJson, text);
  job.manifest.summary_sha256 = sha256(text);
  return 'ok';
};

export const HANDLERS: Readonly<Record<Exclude<SkillState, 'DONE' | 'FAIL'>, Handler>> = {
  INIT: init,
  PREPARE_RUNDIR: prepareRunDir,
  LOCATE_DB: locate,
  START_SESSION: start,
  RESTORE_DB: restore,
  RUN_SKILL: run,
  VALIDATE_OUTPUTS: validate,
  SUMMARIZE: summarize,
};
