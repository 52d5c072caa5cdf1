// What a testbench can do with the languages' own means, run by the real simulators: files anywhere, the shell, C++.
// Each attack is run without a sandbox first, so that it is known to be one.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ghdl } from '../../adapters/ghdl/index.ts';
import { icarus } from '../../adapters/icarus/index.ts';
import { verilator } from '../../adapters/verilator/index.ts';
import type { ToolAdapter } from '../../adapter.ts';
import { shell } from '../fixtures/shell-adapter.ts';
import { runTool } from '../index.ts';
import type { RunToolResult } from '../index.ts';

let base: string;
let workspace: string;
let home: string;
let scratch: string;
beforeEach(() => {
  base = mkdtempSync('/srv/genrtl-attack-');
  workspace = join(base, 'team/mine');
  mkdirSync(join(workspace, 'src'), { recursive: true });
  mkdirSync(join(workspace, 'tb'));
  mkdirSync(join(base, 'team/other'));
  writeFileSync(join(base, 'team/other/rom.hex'), 'c0ffee\n');
  writeFileSync(join(workspace, 'src/dut.sv'), 'module dut(input a, output y); assign y = a; endmodule\n');
  home = mkdtempSync(join(homedir(), '.genrtl-attack-'));
  scratch = mkdtempSync('/tmp/genrtl-attack-');
  writeFileSync(join(home, 'rom.hex'), 'c0ffee\n');
});
afterEach(() => {
  for (const folder of [base, home, scratch]) rmSync(folder, { recursive: true, force: true });
});

interface Attacked extends RunToolResult {
  readonly log: string;
  /** files that appeared outside the run folder */
  readonly outside: string[];
}

async function attack(adapter: ToolAdapter, bench: string, text: string, mode: 'required' | 'off'): Promise<Attacked> {
  const file = `tb/${bench}`;
  writeFileSync(join(workspace, file), text);
  const runDir = join(workspace, '.genRTL/runs/job/sim_1');
  rmSync(join(workspace, '.genRTL'), { recursive: true, force: true });
  const places = [base, home, scratch];
  const seen = (): string[] =>
    places.flatMap((place) => readdirSync(place, { recursive: true }).map((name) => join(place, String(name))));
  const before = new Set(seen());
  const result = await runTool({
    adapter,
    action: 'simulate',
    workspace,
    sources: [...(bench.endsWith('.vhd') ? [] : ['src/dut.sv']), file],
    top: 'tb',
    runDir,
    confinement: { mode },
    limits: { timeoutMs: 120_000 },
  });
  const outside = seen().filter((name) => !before.has(name) && !name.startsWith(join(workspace, '.genRTL')));
  for (const name of outside) rmSync(name, { recursive: true, force: true });
  const log =
    readFileSync(join(runDir, 'raw_stdout.log'), 'utf8') + readFileSync(join(runDir, 'raw_stderr.log'), 'utf8');
  return { ...result, log, outside };
}

/** A bench that says `opened NAME` for every file that it could open. */
const opens = (files: Readonly<Record<string, string>>, mode: string): string => `module tb;
  integer f;
  initial begin
${Object.entries(files)
  .map(
    ([name, file]) =>
      `    f = $fopen("${file}", "${mode}"); if (f != 0) begin $display("opened ${name}"); $fclose(f); end`,
  )
  .join('\n')}
    $display("PASS"); $finish;
  end
endmodule
`;

const openedIn = (log: string): string[] => [...log.matchAll(/^opened (.*)$/gm)].map(([, name = '']) => name);

describe('Icarus', () => {
  it('$fopen writes into the run folder only', async () => {
    const places = {
      'the home': `${home}/x`,
      'the temporary folder': `${scratch}/x`,
      'the folder above': '../other/x',
      'the folder above that': '../../x',
      'a source': 'src/dut.sv',
      'a new source': 'src/extra.sv',
      'another place': `${base}/x`,
    };
    const text = opens(places, 'a');
    expect(openedIn((await attack(icarus, 'tb.sv', text, 'off')).log)).toEqual(Object.keys(places));
    const { log, outside, verdict } = await attack(icarus, 'tb.sv', text, 'required');
    expect(openedIn(log)).toEqual([]);
    expect(outside).toEqual([]);
    expect(verdict).toBe('pass');
    const kept = await attack(icarus, 'tb.sv', opens({ here: 'trace.txt' }, 'w'), 'required');
    expect(openedIn(kept.log)).toEqual(['here']);
    expect(kept.outside).toEqual([]);
    expect(kept.record.written).toEqual(['trace.txt']);
    expect(existsSync(join(workspace, '.genRTL/runs/job/sim_1/files/trace.txt'))).toBe(true);
  });

  it('$readmemh and `include read nothing outside the workspace', async () => {
    const text = `module tb;
  reg [23:0] rom [0:0];
  initial begin
    rom[0] = 0; $readmemh("${home}/rom.hex", rom); $display("home %h", rom[0]);
    rom[0] = 0; $readmemh("../other/rom.hex", rom); $display("other %h", rom[0]);
    $display("PASS"); $finish;
  end
endmodule
`;
    expect((await attack(icarus, 'tb.sv', text, 'off')).log.match(/c0ffee/g)).toHaveLength(2);
    expect((await attack(icarus, 'tb.sv', text, 'required')).log).not.toContain('c0ffee');
    writeFileSync(join(home, 'inc.svh'), '`define WORD "c0ffee"\n');
    const including = `\`include "${home}/inc.svh"\nmodule tb; initial begin $display(\`WORD); $display("PASS"); $finish; end endmodule\n`;
    expect((await attack(icarus, 'tb.sv', including, 'off')).log).toContain('c0ffee');
    const refused = await attack(icarus, 'tb.sv', including, 'required');
    expect([refused.verdict, refused.log.includes('c0ffee')]).toEqual(['fail', false]);
  });

  it('$dumpfile writes into the run folder only, and a bench that dumps where it runs still passes', async () => {
    const dump = (file: string): string => `module tb; reg a = 0;
  initial begin $dumpfile("${file}"); $dumpvars(0, tb); #1 a = 1; #1 $display("PASS"); $finish; end
endmodule
`;
    expect((await attack(icarus, 'tb.sv', dump(`${home}/x.vcd`), 'off')).outside).toEqual([`${home}/x.vcd`]);
    const refused = await attack(icarus, 'tb.sv', dump(`${home}/x.vcd`), 'required');
    expect(refused.outside).toEqual([]);
    expect(refused.verdict).not.toBe('pass');
    const kept = await attack(icarus, 'tb.sv', dump('wave.vcd'), 'required');
    expect([kept.verdict, kept.outside, kept.record.written]).toEqual(['pass', [], ['wave.vcd']]);
  });

  it('$system reaches nothing', async () => {
    const text = `module tb; integer r;
  initial begin r = $system("echo x > ${home}/x; cat ${home}/rom.hex"); $display("PASS"); $finish; end
endmodule
`;
    const open = await attack(icarus, 'tb.sv', text, 'off');
    const { log, outside } = await attack(icarus, 'tb.sv', text, 'required');
    expect(outside).toEqual([]);
    expect(log).not.toContain('c0ffee');
    // Icarus 11 does not know $system, later ones may
    if (!/not defined|Unable to/i.test(open.log)) expect(open.log).toContain('c0ffee');
  });
});

describe('Verilator', () => {
  let server: Server;
  let called = 0;
  beforeEach(async () => {
    called = 0;
    server = createServer((socket) => {
      called += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterEach(() => server.close());

  it('$system, C++ in the source and a socket reach nothing', async () => {
    const { port } = server.address() as AddressInfo;
    const text = `module tb;
  int f;
  initial begin
    $system("echo x >> ${home}/by-system; cat ${home}/rom.hex; bash -c 'echo hi > /dev/tcp/127.0.0.1/${port}'");
    f = $fopen("${scratch}/by-fopen", "w"); if (f != 0) begin $fdisplay(f, "x"); $fclose(f); end
    $c("FILE* o = fopen(\\"${home}/by-c\\", \\"w\\"); if (o) { fputs(\\"x\\", o); fclose(o); }");
    $display("PASS"); $finish;
  end
endmodule
`;
    // the compiler's time is most of this test's: one build, run twice
    writeFileSync(join(workspace, 'tb/tb.sv'), text);
    const runDir = join(workspace, '.genRTL/runs/job/build');
    const built = await runTool({
      adapter: verilator,
      action: 'compile',
      workspace,
      sources: ['tb/tb.sv'],
      top: 'tb',
      runDir,
      options: { optimise: '0' },
      confinement: { mode: 'required' },
    });
    expect(built.verdict).toBe('pass');
    const program = join(scratch, 'Vtb');
    copyFileSync(join(runDir, 'verilated/Vtb'), program);
    const open = await attack(shell(`exec ${program}`), 'tb.sv', text, 'off');
    expect([...open.outside].sort()).toEqual([`${home}/by-c`, `${home}/by-system`, `${scratch}/by-fopen`].sort());
    expect(open.log).toContain('c0ffee');
    expect(called).toBe(1);
    copyFileSync(program, join(workspace, 'src/Vtb'));
    const { log, outside, record } = await attack(shell('exec src/Vtb'), 'tb.sv', text, 'required');
    expect(record.confinement).toEqual({ confined: 'bubblewrap', network: false });
    expect(outside).toEqual([]);
    expect(log).not.toContain('c0ffee');
    expect(log).toContain('PASS');
    expect(called).toBe(1);
  }, 120_000);
});

describe('GHDL', () => {
  it('textio writes into the run folder only', async () => {
    const text = (file: string): string => `use std.textio.all;
entity tb is end;
architecture a of tb is begin
  process
    file f : text;
    variable s : file_open_status;
    variable l : line;
  begin
    file_open(s, f, "${file}", write_mode);
    if s = open_ok then write(l, string'("x")); writeline(f, l); file_close(f); report "opened it"; end if;
    report "PASS"; std.env.finish; wait;
  end process;
end;
`;
    expect((await attack(ghdl, 'tb.vhd', text(`${home}/x`), 'off')).outside).toEqual([`${home}/x`]);
    const refused = await attack(ghdl, 'tb.vhd', text(`${home}/x`), 'required');
    expect([refused.outside, refused.log.includes('opened it')]).toEqual([[], false]);
    const kept = await attack(ghdl, 'tb.vhd', text('trace.txt'), 'required');
    expect(kept.record.written).toEqual(['trace.txt']);
  });
});
