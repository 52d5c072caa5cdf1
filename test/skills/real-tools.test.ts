// Skills on the real tools through the command line: results, candidates and choice, determinism, batches and
// comparisons.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SkillHost } from '@genrtl/contracts/skill-contract.ts';
import { SkillSummary } from '@genrtl/contracts/skill-run.ts';
import { runCli } from '../../main/shells/cli/program.ts';
import { SHIPPED_SKILLS } from '../../main/skills/catalogue.ts';
import { HOSTS } from '../../main/skills/hosts.ts';
import { newSkill, resumeSkillBatch, runSkillBatch, runSkillJob } from '../../main/skills/index.ts';
import { eventsOf, hasTool, manifestOf, QUICK, Sandbox, STAND_IN, STAND_IN_DATABASES } from './fixture.ts';

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.create();
});
afterEach(() => box.remove());

const caseOf = (skill: string, name: string, ...rest: string[]): string =>
  path.join(SHIPPED_SKILLS, skill, 'tests', name, ...rest);
const FAST = ['--poll-ms', '10', '--heartbeat-ms', '100'];

/** One command line with --json: its exit code and last line. */
async function genrtl(...argv: string[]): Promise<{ code: number; result: Record<string, unknown>; lines: number }> {
  let out = '';
  const code = await runCli(['skill', ...argv, '--json'], {
    write: (text) => {
      out += text;
    },
    writeError: () => undefined,
    env: { ...process.env, GENRTL_SKILLS: box.at('skills') },
    cwd: box.root,
    interactive: false,
    signal: new AbortController().signal,
  });
  const lines = out.trimEnd().split('\n');
  return { code, result: JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown>, lines: lines.length };
}
const metricsOf = (result: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(SkillSummary.parse(result['summary']).metrics.map((metric) => [metric.name, metric.value]));

describe('every host', () => {
  it.each(SkillHost.options)('%s runs a scaffolded skill and tells its version', async (host) => {
    const tool = host === 'innovus' ? STAND_IN : null;
    if (tool === null && !HOSTS[host].executables.some(hasTool)) {
      process.stderr.write(`skip: ${host} (not installed)\n`);
      return;
    }
    await newSkill({ name: 'fresh', host, into: box.at('skills') });
    const result = await runSkillJob({ skill: 'fresh', tool, ...QUICK }, box.context());
    expect([result.status, result.error?.message]).toEqual(['DONE', undefined]);
    expect((await manifestOf(result.run_dir)).versions.tool).toMatch(/^\d+\.\d+/);
    expect(JSON.parse(readFileSync(path.join(result.run_dir, 'session', 'state.json'), 'utf8'))).toMatchObject({
      state: 'EXITED',
      stop: 'orderly',
      signal: null,
    });
  });
});

describe('shipped skills on Yosys and OpenSTA', () => {
  it('give the metrics that their offline tests record', async () => {
    const synth = await genrtl(
      'run',
      'synth_stat',
      ...FAST,
      '--param',
      'top=counter',
      '--param',
      `sources=${caseOf('synth_stat', 'counter', 'src', 'counter.v')}`,
    );
    expect([synth.code, metricsOf(synth.result)]).toMatchObject([0, { cells: 22, logic_depth: 7, problems: 0 }]);
    const sta = await genrtl(
      'run',
      'sta_summary',
      ...FAST,
      '--db',
      caseOf('sta_summary', 'counter', 'db', 'counter.v'),
      '--param',
      'top=counter',
      '--param',
      `liberty=${caseOf('sta_summary', 'counter', 'db', 'toy.lib')}`,
    );
    expect([sta.code, metricsOf(sta.result)]).toEqual([
      0,
      {
        wns: -0.1991,
        tns: -0.4041,
        setup_slack: -0.1991,
        hold_slack: 0.2471,
        failing_endpoints: 3,
        unconstrained_endpoints: 0,
        unclocked_pins: 0,
      },
    ]);
    const source = (name: string): string => caseOf('equivalence_check', 'different', 'src', name);
    const equal = await genrtl(
      'run',
      'equivalence_check',
      ...FAST,
      '--param',
      'top=counter',
      '--param',
      `gold=${source('gold.v')}`,
      '--param',
      `gate=${source('gate.v')}`,
    );
    expect([equal.code, metricsOf(equal.result)]).toEqual([
      0,
      { points: 8, proven: 0, unproven: 8, clocking_differences: 0, verdict: 'not proven equal' },
    ]);
  });

  it('synth_stat reads file lists, folders, defines and top parameters, and counts problems and memories as written', async () => {
    const at = (name: string): string => caseOf('synth_stat', 'as_written', name);
    const words = (values: Record<string, string>): string[] =>
      Object.entries(values).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
    const run = (values: Record<string, string>) =>
      genrtl(
        'run',
        'synth_stat',
        ...FAST,
        ...words({ top: 'store', liberty: caseOf('synth_stat', 'counter_liberty', 'src', 'toy.lib'), ...values }),
      );
    const expected = { memories: 1, problems: 1, unmapped_cells: 1, area: null };
    const separate = await run({
      sources: at('src/store.v'),
      include_dirs: at('src/inc'),
      defines: 'DEPTH=4',
      top_parameters: 'W=6',
    });
    expect([separate.code, metricsOf(separate.result)]).toMatchObject([0, { ...expected, memory_bits: 48 }]);
    writeFileSync(box.at('store.f'), `+incdir+${at('src/inc')}\n+define+DEPTH=8\n${at('src/store.v')}\n`);
    const listed = await run({ filelists: 'store.f', flatten: 'false' });
    expect([listed.code, metricsOf(listed.result)]).toMatchObject([0, { ...expected, memory_bits: 64 }]);
    for (const [values, code, named] of [
      [{ sources: at('src/store.v'), include_dirs: 'nowhere' }, 2, 'nowhere'],
      [{ filelists: 'none.f' }, 2, 'none.f'],
      [
        { sources: at('src/store.v'), include_dirs: at('src/inc'), defines: 'DEPTH=4', top_parameters: 'NOPE=6' },
        1,
        'NOPE',
      ],
      [{}, 2, 'sources or filelists or database'],
    ] as const) {
      const failed = await run(values);
      expect([failed.code, JSON.stringify(failed.result['error'])]).toEqual([code, expect.stringContaining(named)]);
    }
  });

  it('a design that does not elaborate is exit 1 with Yosys’ own words; a wrong parameter exit 2', async () => {
    writeFileSync(box.at('bad.v'), 'module bad(output y); missing m(y); endmodule');
    const failed = await genrtl('run', 'synth_stat', ...FAST, '--param', 'top=bad', '--param', 'sources=bad.v');
    expect([failed.code, failed.result['error_type']]).toEqual([1, 'SCRIPT_ERROR']);
    expect(JSON.stringify(failed.result['error'])).toContain('ERROR: Module `\\\\missing');
    execFileSync(
      '/bin/sh',
      [path.join(String(failed.result['run_dir']), 'debug_bundle', 'reproduce.sh'), box.at('again')],
      { env: { PATH: process.env['PATH'] ?? '' } },
    );
    expect(readFileSync(box.at('again', 'session', 'stderr.log'), 'utf8')).toContain('ERROR: Module `\\missing');
    expect((await genrtl('run', 'synth_stat', ...FAST, '--param', 'top=1x')).code).toBe(2);
    expect((await genrtl('run', 'nosuchskill')).code).toBe(2);
    expect((await genrtl('run', 'synth_stat', '--launcher', 'pigeon', '--param', 'top=x')).code).toBe(2);
  });
});

describe('a debug bundle', () => {
  it('holds the RTL, headers and databases that the job read, and repeats it where they are gone', async () => {
    mkdirSync(box.at('rtl $x', 'inc'), { recursive: true });
    writeFileSync(
      box.at('rtl $x', 'a b.v'),
      '`include "deep/w.vh"\nmodule bad(output [`W-1:0] y); missing m(y); endmodule\n',
    );
    mkdirSync(box.at('rtl $x', 'inc', 'deep'));
    writeFileSync(box.at('rtl $x', 'inc', 'deep', 'w.vh'), '`define W 4\n');
    const failed = await genrtl(
      'run',
      'synth_stat',
      ...FAST,
      ...['top=bad', `sources=${box.at('rtl $x', 'a b.v')}`, `include_dirs=${box.at('rtl $x', 'inc')}`].flatMap(
        (each) => ['--param', each],
      ),
    );
    expect(failed.result['error_type']).toBe('SCRIPT_ERROR');
    // to somebody else's machine, where neither the sources nor the run directory are
    renameSync(path.join(String(failed.result['run_dir']), 'debug_bundle'), box.at('bundle [$1]'));
    rmSync(box.at('rtl $x'), { recursive: true });
    rmSync(String(failed.result['run_dir']), { recursive: true });
    execFileSync('/bin/sh', [box.at('bundle [$1]', 'reproduce.sh'), box.at('again')], {
      env: { PATH: process.env['PATH'] ?? '' },
    });
    const said =
      readFileSync(box.at('again', 'session', 'stdout.log'), 'utf8') +
      readFileSync(box.at('again', 'session', 'stderr.log'), 'utf8');
    expect(said).toContain('ERROR: Module `\\missing');
    expect(said).toContain('bundle [$1]/inputs/0/a b.v');
    const index = JSON.parse(readFileSync(box.at('bundle [$1]', 'index.json'), 'utf8')) as {
      files: { path: string }[];
    };
    expect(index.files.map((file) => file.path)).toEqual(
      expect.arrayContaining(['inputs/0/a b.v', 'inputs/folder0/deep/w.vh']),
    );
  });

  it('holds a database that is a file, and names an input that is too large', async () => {
    writeFileSync(box.at('cpu.tcldb'), 'cells 7');
    writeFileSync(box.at('huge.hex'), Buffer.alloc(33 * 1024 * 1024, '0'));
    await box.skill({
      database: { required: true, forms: ['tcl_dict'] },
      contract: {
        parameters: { type: 'object', properties: { image: { type: 'string', format: 'input-file' } } },
      },
      template: 'error "no, [dict get $::db cells]"\n',
    });
    const failed = await genrtl('run', 'probe', ...FAST, '--db', box.at('cpu.tcldb'), '--param', 'image=huge.hex');
    const bundle = path.join(String(failed.result['run_dir']), 'debug_bundle');
    const text = readFileSync(path.join(bundle, 'README.md'), 'utf8');
    expect(text).toContain('huge.hex`: not copied, the bundle holds at most 32 MiB');
    expect(text).toContain('cpu.tcldb`: `inputs/1/cpu.tcldb`');
    rmSync(box.at('cpu.tcldb'));
    const said = execFileSync('/bin/sh', [path.join(bundle, 'reproduce.sh'), box.at('again')], {
      env: { PATH: process.env['PATH'] ?? '' },
      encoding: 'utf8',
    });
    expect(said).toContain('no, 7');
  });
});

describe('several databases', () => {
  it('pause the job with exit 6; the choice goes on in the same run directory', async () => {
    for (const name of ['a', 'b']) cpSync(STAND_IN_DATABASES, box.at('saves', name), { recursive: true });
    const paused = await genrtl(
      'run',
      'power_report',
      ...FAST,
      '--db',
      'cpu_route',
      '--search',
      box.at('saves'),
      '--tool',
      STAND_IN,
    );
    expect(paused.code).toBe(6);
    expect(paused.result).toMatchObject({
      status: 'needs_input',
      job_status: 'WAITING_SELECTION',
      state: 'LOCATE_DB',
      candidates: [{ id: 1 }, { id: 2 }],
    });
    const jobId = String(paused.result['job_id']);
    expect((await genrtl('resume', jobId)).code).toBe(6);
    const wrong = await genrtl('resume', jobId, '--select', '3');
    expect([wrong.code, wrong.result]).toMatchObject([2, { error: { code: 'SELECTION_INVALID' } }]);
    const done = await genrtl('resume', jobId, '--select', '2');
    expect([done.code, metricsOf(done.result)]).toMatchObject([0, { total_power: 20 }]);
    const manifest = await manifestOf(String(done.result['run_dir']));
    expect(manifest).toMatchObject({
      status: 'DONE',
      locator: {
        selection_reason: 'user_selected',
        selected: { id: 2, files: { enc: box.at('saves', 'b', 'cpu_route.enc') } },
      },
    });
    const states = (await eventsOf(String(done.result['run_dir'])))
      .filter((event) => event.event === 'STATE_ENTERED')
      .map((event) => event.state);
    expect(states).toEqual([
      'INIT',
      'PREPARE_RUNDIR',
      'LOCATE_DB',
      'START_SESSION',
      'RESTORE_DB',
      'RUN_SKILL',
      'VALIDATE_OUTPUTS',
      'SUMMARIZE',
      'DONE',
    ]);
    expect((await genrtl('resume', jobId)).result).toMatchObject({ job_status: 'DONE' });
  });
});

describe('resume --select of a job that waits for nothing', () => {
  it('is refused for another candidate, and told of the same one', async () => {
    for (const name of ['a', 'b']) cpSync(STAND_IN_DATABASES, box.at('saves', name), { recursive: true });
    const paused = await genrtl(
      'run',
      'power_report',
      ...FAST,
      '--db',
      'cpu_route',
      '--search',
      box.at('saves'),
      '--tool',
      STAND_IN,
    );
    const id = String(paused.result['job_id']);
    const done = await genrtl('resume', id, '--select', '2');
    expect(done.code).toBe(0);
    for (const other of ['1', '3', box.at('saves', 'a', 'cpu_route.enc'), 'nonsense']) {
      const refused = await genrtl('resume', id, '--select', other);
      expect(refused).toMatchObject({ code: 2, result: { error: { code: 'SELECTION_INVALID' } } });
      expect(JSON.stringify(refused.result)).not.toContain('metrics');
    }
    expect((await genrtl('resume', id, '--select', '2')).result['summary']).toEqual(done.result['summary']);
    expect((await genrtl('resume', id)).code).toBe(0);
  });
});

describe('a search that was cut', () => {
  it('does not choose the only database that it saw, and names where it did not look', async () => {
    cpSync(STAND_IN_DATABASES, box.at('saves', 'a'), { recursive: true });
    mkdirSync(box.at('saves', ...Array.from({ length: 70 }, () => 'd')), { recursive: true });
    const paused = await genrtl(
      'run',
      'power_report',
      ...FAST,
      '--db',
      'cpu_route',
      '--search',
      box.at('saves'),
      '--tool',
      STAND_IN,
    );
    expect(paused).toMatchObject({
      code: 6,
      result: { candidates: [{ id: 1 }], not_searched: [{ reason: expect.stringContaining('levels down') as string }] },
    });
    const none = await genrtl(
      'run',
      'power_report',
      ...FAST,
      '--db',
      'nowhere',
      '--search',
      box.at('saves'),
      '--tool',
      STAND_IN,
    );
    expect(none.result['error']).toMatchObject({ message: expect.stringContaining('Not searched') as string });
  });
});

describe('determinism', () => {
  it('the same inputs twice give equal scripts, contracts, reports and, ids and times aside, summaries', async () => {
    const run = () =>
      runSkillJob(
        {
          skill: 'synth_stat',
          ...QUICK,
          parameters: { top: 'counter', sources: [caseOf('synth_stat', 'counter', 'src', 'counter.v')] },
        },
        box.context(),
      );
    const [first, second] = [await run(), await run()];
    for (const file of ['scripts/synth_stat.tcl', 'contract.json', 'reports/stat.json', 'reports/netlist.v']) {
      expect(readFileSync(path.join(second.run_dir, file), 'utf8')).toBe(
        readFileSync(path.join(first.run_dir, file), 'utf8'),
      );
    }
    const summaries = ({ run_dir: dir, job_id: jobId }: { run_dir: string; job_id: string }): string[] => {
      const [json = '', markdown = ''] = ['summary.json', 'summary.md'].map((file) =>
        readFileSync(path.join(dir, file), 'utf8'),
      );
      return [
        json.replace(`"job_id": "${jobId}"`, '').replace(/"generated_at": "[^"]*"/, ''),
        markdown.replace(/^Job .*$/m, ''),
      ];
    };
    expect(summaries(second)).toEqual(summaries(first));
    const sta = () =>
      runSkillJob(
        {
          skill: 'sta_summary',
          ...QUICK,
          database: caseOf('sta_summary', 'counter', 'db', 'counter.v'),
          parameters: { top: 'counter', liberty: [caseOf('sta_summary', 'counter', 'db', 'toy.lib')] },
        },
        box.context(),
      );
    const timed = [await sta(), await sta()] as const;
    for (const file of ['scripts/sta_summary.tcl', 'scripts/restore_wrapper.tcl', 'contract.json'])
      expect(readFileSync(path.join(timed[1].run_dir, file), 'utf8')).toBe(
        readFileSync(path.join(timed[0].run_dir, file), 'utf8'),
      );
    expect(summaries(timed[1])).toEqual(summaries(timed[0]));
    const restore = () =>
      runSkillJob(
        { skill: 'power_report', ...QUICK, tool: STAND_IN, database: 'cpu_route', searchPaths: [STAND_IN_DATABASES] },
        box.context(),
      );
    const [third, fourth] = [await restore(), await restore()];
    expect(readFileSync(path.join(fourth.run_dir, 'scripts/restore_wrapper.tcl'), 'utf8')).toBe(
      readFileSync(path.join(third.run_dir, 'scripts/restore_wrapper.tcl'), 'utf8'),
    );
  });
});

describe('batches and comparisons', () => {
  const plan = (): string => {
    for (const width of [4, 8, 16])
      writeFileSync(
        box.at(`c${width}.v`),
        readFileSync(caseOf('synth_stat', 'counter', 'src', 'counter.v'), 'utf8').replace('W = 8', `W = ${width}`),
      );
    writeFileSync(
      box.at('plan.yaml'),
      `skill: synth_stat\nmax_parallel: 2\nentries:\n${[4, 8, 16].map((width) => `  - { design: c${width}, parameters: { top: counter, sources: [c${width}.v] } }`).join('\n')}\n`,
    );
    return box.at('plan.yaml');
  };

  it('run each design in its own run directory; compare gates with an exit code and writes CSV and HTML', async () => {
    const batch = await genrtl('batch', plan(), ...FAST);
    expect(batch.code).toBe(0);
    const id = String(batch.result['batch_id']);
    const compared = await genrtl(
      'compare',
      '--batch',
      id,
      '--threshold',
      'cells<=1000',
      '--csv',
      'out.csv',
      '--html',
      'out.html',
    );
    expect(compared.code).toBe(0);
    expect(compared.result['comparison']).toMatchObject({
      columns: [{ design: 'c4' }, { design: 'c8' }, { design: 'c16' }],
      metrics: expect.arrayContaining([expect.objectContaining({ name: 'cells', best: [0], worst: [2] })]) as unknown,
    });
    expect(readFileSync(box.at('out.csv'), 'utf8').split('\r\n')).toHaveLength(1 + 3 * 8 + 1);
    expect(readFileSync(box.at('out.html'), 'utf8')).toContain('<svg');
    expect((await genrtl('compare', '--batch', id, '--threshold', 'cells<=+10%')).code).toBe(1);
    const stats = await genrtl('stats');
    expect(stats.result['stats']).toMatchObject({
      jobs: 3,
      by_status: { DONE: 3 },
      by_state: { RUN_SKILL: { count: 3 } },
    });
  });

  it('compare of a batch with a failed entry fails, names it, and writes it into CSV and HTML', async () => {
    await box.skill({
      template: 'if {$::design eq "two"} { error "no" }\n::skillpilot::write_report out.txt "value 1"\n',
    });
    const entries = ['one', 'two'].map((design) => ({ design, database: null, parameters: {} }));
    const { record } = await runSkillBatch(
      { ...QUICK, plan: { skill: 'probe', max_parallel: 2, entries } },
      box.context({ runRoot: box.at('.genRTL', 'skill-runs') }),
    );
    const id = record.batch_id;
    const compared = await genrtl('compare', '--batch', id, '--csv', 'out.csv', '--html', 'out.html');
    expect(compared).toMatchObject({
      code: 1,
      result: {
        status: 'failed',
        comparison: {
          columns: [{ design: 'one' }],
          missing: [{ design: 'two', job_id: record.entries[1]?.runs[0], status: 'FAIL', error_type: 'SCRIPT_ERROR' }],
        },
      },
    });
    expect(readFileSync(box.at('out.csv'), 'utf8')).toContain(',two,');
    expect(readFileSync(box.at('out.html'), 'utf8')).toContain('two');
  });

  it('compare believes only summaries of finished jobs that still agree with their reports', async () => {
    await box.skill();
    const context = box.context({ runRoot: box.at('.genRTL', 'skill-runs') });
    const done = await runSkillJob({ skill: 'probe', ...QUICK }, context);
    const compare = async () => {
      const { code, result } = await genrtl('compare', done.job_id);
      return [code, (result['error'] as { code: string; message: string } | undefined)?.message ?? 'compared'];
    };
    expect(await compare()).toEqual([0, 'compared']);
    const changed = async (file: string, change: (text: string) => string) => {
      const place = path.join(done.run_dir, file);
      const text = readFileSync(place, 'utf8');
      writeFileSync(place, change(text));
      const answer = await compare();
      writeFileSync(place, text);
      return answer;
    };
    const refused = (why: string) => [2, expect.stringContaining(why) as string];
    const better = (text: string): string => text.replace('"value": 42', '"value": 1');
    expect(await changed('summary.json', better)).toEqual(refused('not the one that the job wrote'));
    expect(await changed('reports/out.txt', () => 'value 1\n')).toEqual(refused('reports/out.txt is not the report'));
    expect(await changed('job_manifest.json', (text) => text.replace('"status": "DONE"', '"status": "FAIL"'))).toEqual(
      refused('the job is FAIL'),
    );
    // a summary that was changed together with its hash still has to say what the report says
    const manifest = path.join(done.run_dir, 'job_manifest.json');
    const forged = better(readFileSync(path.join(done.run_dir, 'summary.json'), 'utf8'));
    writeFileSync(
      manifest,
      readFileSync(manifest, 'utf8').replace(
        /"summary_sha256": "\w+"/,
        `"summary_sha256": "${createHash('sha256').update(forged).digest('hex')}"`,
      ),
    );
    expect(await changed('summary.json', () => forged)).toEqual(refused('other values than its summary.json'));
  });

  it('a summary that a failed job left, or somebody put there, is not compared', async () => {
    await box.skill({ template: 'error "no"\n' });
    const context = box.context({ runRoot: box.at('.genRTL', 'skill-runs') });
    const failed = await runSkillJob({ skill: 'probe', ...QUICK }, context);
    await box.skill();
    const done = await runSkillJob({ skill: 'probe', ...QUICK }, context);
    copyFileSync(path.join(done.run_dir, 'summary.json'), path.join(failed.run_dir, 'summary.json'));
    expect(await genrtl('compare', done.job_id, failed.job_id)).toMatchObject({
      code: 2,
      result: {
        error: { code: 'SUMMARY_UNVERIFIED', message: expect.stringContaining('FAIL (SCRIPT_ERROR') as string },
      },
    });
  });

  it('a key of an entry that nobody knows is refused before anything runs', async () => {
    writeFileSync(
      box.at('typo.yaml'),
      'skill: synth_stat\nentries:\n  - { design: a, paramters: { top: a } }\n  - { design: b, db: x }\n',
    );
    expect(await genrtl('batch', 'typo.yaml')).toMatchObject({
      code: 2,
      result: {
        error: {
          code: 'REQUEST_INVALID',
          message: expect.stringMatching(/entries\.0.*paramters.*entries\.1.*db/) as string,
        },
      },
    });
    expect((await genrtl('stats')).result['stats']).toMatchObject({ jobs: 0 });
  });

  it('a half-done batch goes on: finished entries stay, the broken one runs again', async () => {
    await box.skill({
      template:
        'if {$::design eq "two"} { after 200 }\n::skillpilot::write_report out.txt "value [string length $::design]"\n',
    });
    const abort = new AbortController();
    const context = box.context({
      signal: abort.signal,
      onEvent: (event) => {
        if (event.event === 'STATE_ENTERED' && event.state === 'RUN_SKILL' && started.push(event.job_id) === 2)
          abort.abort();
      },
    });
    const started: string[] = [];
    const entries = ['one', 'two', 'three'].map((design) => ({ design, database: null, parameters: {} }));
    const { record } = await runSkillBatch({ ...QUICK, plan: { skill: 'probe', max_parallel: 1, entries } }, context);
    expect(record.entries.map((entry) => entry.status)).toEqual(['DONE', 'PENDING', 'PENDING']);
    const resumed = await resumeSkillBatch(record.batch_id, QUICK, box.context());
    expect(resumed.record.entries.map((entry) => [entry.status, entry.runs.length])).toEqual([
      ['DONE', 1],
      ['DONE', 2],
      ['DONE', 1],
    ]);
    expect(resumed.record.entries[0]?.runs).toEqual(record.entries[0]?.runs);
    expect((await resumeSkillBatch(record.batch_id, QUICK, box.context())).record).toEqual(resumed.record);
  });

  it('a plan that is none is refused with the field', async () => {
    writeFileSync(box.at('bad.yaml'), 'skill: synth_stat\nentries: []\n');
    expect(await genrtl('batch', 'bad.yaml')).toMatchObject({
      code: 2,
      result: { error: { code: 'REQUEST_INVALID', message: expect.stringContaining('entries') as string } },
    });
  });
});

describe('own skills', () => {
  it('are found before the shipped ones, listed with their faults, and linted', async () => {
    mkdirSync(box.at('skills', 'broken'), { recursive: true });
    copyFileSync(path.join(SHIPPED_SKILLS, 'synth_stat', 'contract.yaml'), box.at('skills', 'broken', 'contract.yaml'));
    const listed = await genrtl('list');
    const skills = listed.result['skills'] as { name: string; contract: unknown; diagnostics: { message: string }[] }[];
    expect(skills.find((each) => each.name === 'broken')).toMatchObject({ contract: null });
    expect((await genrtl('lint', 'broken')).code).toBe(1);
    expect((await genrtl('new', 'mine', '--host', 'yosys')).code).toBe(0);
    const lint = await genrtl('lint', 'mine');
    expect([lint.code, lint.lines]).toEqual([0, 1]);
  });
});
