// What a person's files may try on a server that simulates them: each attack is contained, the process and its folder
// are gone afterwards, and without the sandbox nothing runs at all.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CloudStrengthRequest, CloudVerifyOutput, CloudVerifyRequest } from '@genrtl/contracts';
import { shell } from '@genrtl/eda/runner/fixtures/shell-adapter.ts';
import { CLOUD_BOUNDS, createCloudTools, type CloudFiles, type CloudToolOptions } from './cloud.ts';

const MIB = 1024 ** 2;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

class Blobs implements CloudFiles {
  readonly #bytes = new Map<string, Buffer>();
  add(text: string): string {
    const bytes = Buffer.from(text);
    this.#bytes.set(hashOf(bytes), bytes);
    return hashOf(bytes);
  }
  read(sha256: string): Promise<Buffer> {
    return Promise.resolve(this.#bytes.get(sha256) ?? Buffer.alloc(0));
  }
  keep(bytes: Buffer): Promise<string> {
    this.#bytes.set(hashOf(bytes), bytes);
    return Promise.resolve(hashOf(bytes));
  }
}

let scratch: string;
let secrets: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'genrtl-cloud-test-'));
  // what a backend's home is to its runs
  secrets = mkdtempSync(join(homedir(), '.genrtl-cloud-'));
  writeFileSync(join(secrets, 'key'), 'c0ffee');
  mkdirSync(join(scratch, 'neighbour'));
  writeFileSync(join(scratch, 'neighbour/other.sv'), 'c0ffee');
});
afterAll(() => {
  for (const folder of [scratch, secrets]) rmSync(folder, { recursive: true, force: true });
});

const request = (files: Record<string, string>, blobs: Blobs, more: Partial<CloudVerifyRequest> = {}) =>
  ({
    kind: 'cloud-verify',
    job_id: 'job1',
    step_id: 'sim_1',
    attempt: 1,
    workspace_id: 'ws',
    model: null,
    cap_usd: '0.00',
    tool: 'icarus',
    action: 'simulate',
    files: Object.entries(files).map(([path, text]) => ({ path, sha256: blobs.add(text) })),
    sources: Object.keys(files),
    include_dirs: [],
    defines: {},
    libraries: {},
    top: 'tb',
    test: null,
    waves: false,
    run_folder: '.genRTL/runs/job1/sim_1',
    timeout_ms: 20_000,
    ...more,
  }) satisfies CloudVerifyRequest;

interface Attacked extends CloudVerifyOutput {
  readonly log: string;
}

/** A script in the place of the simulator. */
async function attack(
  script: string,
  options: CloudToolOptions = {},
  more: Partial<CloudVerifyRequest> = {},
  signal = new AbortController().signal,
): Promise<Attacked> {
  const blobs = new Blobs();
  const tools = createCloudTools({ scratch, hidden: [secrets], adapterOf: () => shell(script), ...options });
  const output = await tools.run(request({ 'tb.sv': 'module tb; endmodule\n' }, blobs, more), blobs, signal);
  const log = `${String(await blobs.read(output.stdout))}${String(await blobs.read(output.stderr))}`;
  expect(readdirSync(scratch)).toEqual(['neighbour']);
  expect(output.record.confinement).toEqual({ confined: 'bubblewrap', network: false });
  return { ...output, log };
}

const processesWith = (word: string): string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(word);
    } catch {
      return false;
    }
  });

async function untilGone(word: string): Promise<void> {
  for (let tries = 0; processesWith(word).length > 0; tries += 1) {
    if (tries > 200) throw new Error(`${word} lives on`);
    await delay(20);
  }
}

describe('a run on the server', () => {
  it('simulates with the adapters of the desktop, and its log and waveform come back', async () => {
    const blobs = new Blobs();
    const tools = createCloudTools({ scratch });
    const files = {
      'src/dut.sv': '`include "width.svh"\nmodule dut(output [`W-1:0] y); assign y = 3; endmodule\n',
      'tb/tb.sv':
        'module tb; wire [3:0] y; dut d(y); initial begin #5 if (y === 3) $display("PASS"); else $display("FAIL signal=y time=%0t", $time); $finish; end endmodule\n',
    };
    const asked = request({ ...files, 'include/width.svh': '`define W 4\n' }, blobs, {
      sources: Object.keys(files),
      include_dirs: ['include'],
      test: { name: 'tb', kind: 'testbench' },
      waves: true,
    });
    const output = await tools.run(asked, blobs, new AbortController().signal);
    expect(output.record.verdict).toBe('pass');
    expect(output.tests).toMatchObject([{ name: 'tb', passed: true }]);
    expect(String(await blobs.read(output.stdout))).toContain('PASS');
    expect(String(await blobs.read(output.waves ?? ''))).toContain('$enddefinitions');
    expect(JSON.stringify(output)).not.toContain(scratch);
    const broken = await tools.run(
      request({ 'src/dut.sv': 'module dut(input a; endmodule\n' }, blobs, {
        action: 'lint',
        tool: 'verilator',
        top: 'dut',
      }),
      blobs,
      new AbortController().signal,
    );
    expect(broken.record.verdict).toBe('fail');
    expect(broken.diagnostics[0]).toMatchObject({ severity: 'error', file: 'src/dut.sv', line: 1 });
  }, 60_000);

  it('reaches no network, this machine’s own included', async () => {
    let called = 0;
    const server = createServer((socket) => {
      called += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { log } = await attack(`bash -c 'echo hi > /dev/tcp/127.0.0.1/${port}' && echo reached; echo end`);
    server.close();
    expect(log).not.toContain('reached');
    expect(log).toContain('end');
    expect(called).toBe(0);
  });

  it('reads no key of the backend, no other run, no variable; writes nowhere else', async () => {
    const { log } = await attack(
      `cat ${secrets}/key ${scratch}/neighbour/other.sv /etc/shadow; env; echo x > ${secrets}/new; echo x > /usr/new; echo end`,
      { env: { ...process.env, DATABASE_URL: 'postgresql://c0ffee', OPENAI_API_KEY: 'c0ffee' } },
    );
    expect(log).not.toContain('c0ffee');
    expect(log).not.toMatch(/root:[$*!]/);
    expect(log).toContain('end');
    expect(readdirSync(secrets)).toEqual(['key']);
  });

  it('that forks without end is ended with all its children', async () => {
    // at a pace that leaves the machine to the tests beside it; one that doubles is tried on the sandbox itself
    const bomb = "while :; do sh -c 'sleep 20; :' genrtl-bomb & sleep 0.01; done";
    const { record } = await attack(bomb, { bounds: { processes: 100 } }, { timeout_ms: 3_000 });
    // by the bound, or where the kernel refuses every further process, by the clock
    expect(['resource_limit', 'timeout']).toContain(record.verdict);
    await untilGone('genrtl-bomb');
  }, 30_000);

  it('that fills the disk is ended, with one file or with many', async () => {
    const bounds = { diskBytes: 8 * MIB, fileBytes: 4 * MIB, scratchBytes: 4 * MIB };
    const one = await attack('head -c 64M /dev/zero > big', { bounds });
    expect(one.record.verdict).not.toBe('pass');
    const many = await attack('i=0; while :; do head -c 1M /dev/zero > f$i; i=$((i+1)); sleep 0.02; done', { bounds });
    expect([many.record.verdict, many.record.bound]).toEqual(['resource_limit', 'disk']);
  }, 40_000);

  it('that eats memory is ended at its bound, long before 4 GB', async () => {
    expect(CLOUD_BOUNDS.memoryBytes).toBeLessThan(4096 * MIB);
    const { record } = await attack('head -c 4G /dev/zero | tail', { bounds: { memoryBytes: 96 * MIB } });
    expect(record.verdict).not.toBe('pass');
    await untilGone('head -c 4G');
  }, 40_000);

  it('that never ends is ended by the clock, and by a cancel', async () => {
    const { record } = await attack('sleep 4711', {}, { timeout_ms: 600 });
    expect(record.verdict).toBe('timeout');
    await untilGone('4711');
    const cancel = new AbortController();
    setTimeout(() => {
      cancel.abort();
    }, 400);
    await expect(attack('sleep 4712', {}, {}, cancel.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
    await untilGone('4712');
    expect(readdirSync(scratch)).toEqual(['neighbour']);
  }, 30_000);

  it('leaves no orphan, however it lets go of it', async () => {
    await attack('setsid nohup sleep 4713 >/dev/null 2>&1 & (sleep 4713 &) ; echo end');
    await untilGone('4713');
  });

  it('puts nothing outside by the names of its files', async () => {
    const blobs = new Blobs();
    const tools = createCloudTools({ scratch });
    const clash = request({ a: 'x', 'a/b': 'y' }, blobs);
    await expect(tools.run(clash, blobs, new AbortController().signal)).rejects.toBeDefined();
    expect(readdirSync(scratch)).toEqual(['neighbour']);
  });

  it('is refused when bubblewrap is taken away, and nothing is started', async () => {
    const bin = mkdtempSync(join(tmpdir(), 'genrtl-no-bwrap-'));
    for (const name of readdirSync('/usr/bin')) if (name !== 'bwrap') symlinkSync(`/usr/bin/${name}`, join(bin, name));
    const witness = join(bin, 'ran');
    const run = attack(`touch ${witness}`, { env: { ...process.env, PATH: bin } });
    await expect(run).rejects.toMatchObject({ code: 'CONFINEMENT_UNAVAILABLE', details: { reason: 'not_installed' } });
    expect(readdirSync(bin)).not.toContain('ran');
    rmSync(bin, { recursive: true, force: true });
  });
});

describe('strength on the server', () => {
  const DESIGN = 'module dut(input a, b, output y, z); assign y = a & b; assign z = a | b; endmodule\n';
  /** Looks at y, and at z only when `both`. */
  const bench = (both: boolean): string => `module tb; reg a, b; wire y, z; dut d(a, b, y, z); integer i, bad = 0;
    initial begin
      for (i = 0; i < 4; i = i + 1) begin
        {a, b} = i; #1 if (y !== (a & b)${both ? ' || z !== (a | b)' : ''}) begin bad = 1; $display("FAIL signal=y time=%0t", $time); end
      end
      if (!bad) $display("PASS"); $finish;
    end endmodule\n`;
  const measured = (
    testbench: string,
    blobs: Blobs,
    more: Partial<CloudStrengthRequest> = {},
  ): CloudStrengthRequest => ({
    kind: 'cloud-strength',
    job_id: 'job1',
    step_id: 'strength_1',
    attempt: 1,
    workspace_id: 'ws',
    model: null,
    cap_usd: '0.00',
    tool: 'icarus',
    files: [
      { path: 'src/dut.sv', sha256: blobs.add(DESIGN) },
      { path: 'tb/tb.sv', sha256: blobs.add(testbench) },
    ],
    design: ['src/dut.sv'],
    include_dirs: [],
    defines: {},
    benches: [{ top: 'tb', sources: ['src/dut.sv', 'tb/tb.sv'], include_dirs: [], defines: {}, modules: ['dut'] }],
    judged: [{ module: 'dut' }],
    mutate: ['src/dut.sv'],
    mutate_lines: {},
    unreachable: {},
    waived: {},
    floor: 0.8,
    budget_ms: 20_000,
    max_mutants: 20,
    ...more,
  });
  const ask = (testbench: string, more: Partial<CloudStrengthRequest> = {}, signal = new AbortController().signal) => {
    const blobs = new Blobs();
    return createCloudTools({ scratch, hidden: [secrets] }).measure(measured(testbench, blobs, more), blobs, signal);
  };

  it('tells a bench that looks at every output from one that passes one over', async () => {
    const [strong, weak] = await Promise.all([ask(bench(true)), ask(bench(false))]);
    expect(strong.confinement).toEqual({ confined: 'bubblewrap', network: false });
    expect(strong.strength.mutants?.total).toBeGreaterThan(0);
    expect(strong.strength.mutants?.killed).toBe(strong.strength.mutants?.total);
    expect(strong.strength.stubs.every(({ failed }) => failed)).toBe(true);
    expect(strong.survivors).toEqual([]);
    expect(weak.survivors.map(({ file, line }) => [file, line])).toContainEqual(['src/dut.sv', 1]);
    const caught = (one: typeof weak, name: string): boolean =>
      one.strength.outputs?.find(({ output }) => output === name)?.variants.some((variant) => variant.caught) ?? false;
    expect([caught(strong, 'y'), caught(strong, 'z'), caught(weak, 'y'), caught(weak, 'z')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(readdirSync(scratch)).toEqual(['neighbour']);
  }, 60_000);

  it('a design that fails its bench is refused, and a cancelled measurement leaves nothing', async () => {
    await expect(ask(bench(true).replace('PASS', 'FAIL signal=y'))).rejects.toMatchObject({ code: 'DESIGN_FAILED' });
    const abort = new AbortController();
    const running = ask(bench(true), {}, abort.signal);
    setTimeout(() => abort.abort(), 100);
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(scratch)).toEqual(['neighbour']);
  }, 60_000);

  it('nothing of it runs without the sandbox', async () => {
    const blobs = new Blobs();
    const tools = createCloudTools({ scratch, env: { PATH: '/nonexistent' } });
    await expect(
      tools.measure(measured(bench(true), blobs), blobs, new AbortController().signal),
    ).rejects.toMatchObject({
      code: 'CONFINEMENT_UNAVAILABLE',
    });
  });
});
