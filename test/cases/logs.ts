// Kinds of cases about logs of tools: `genrtl diagnose`, one object a finding.
import { expect } from 'vitest';
import type { Diagnostic } from '@genrtl/contracts';
import type { CaseCheck, CaseUnderTest } from './case.ts';

async function findings({ genrtl }: CaseUnderTest, tool: string, log: string): Promise<Diagnostic[]> {
  const { out } = await genrtl('diagnose', '--tool', tool, '--log', log);
  return JSON.parse(out) as Diagnostic[];
}

/** A check that a log gives these findings, in their order. */
const gives =
  (tool: string, logs: Readonly<Record<string, readonly Partial<Diagnostic>[]>>): CaseCheck =>
  async (given) => {
    for (const [log, expected] of Object.entries(logs)) {
      const found = await findings(given, tool, log);
      expect(found, log).toHaveLength(expected.length);
      for (const [at, one] of expected.entries()) expect(found[at], `${log} ${at}`).toMatchObject(one);
    }
  };

const containing = (text: string): string => expect.stringContaining(text) as string;
const error = { severity: 'error' } as const;

export const ghdlLlvmGccRuntime = gives('ghdl', {
  'real-ghdl-llvm.log': [
    { ...error, message: 'index (4) out of bounds (0 to 3)', file: 'tb.vhd', line: 11, scope: '.tb_top(sim).p' },
  ],
  'gcc-vunit.log': [{ ...error, message: containing('bound check failure'), file: '/w/src/pll.vhd', line: 180 }],
  'windows.log': [{ ...error, message: containing('cannot open') }],
});
export const quartusUncPath = gives('quartus', {
  'map.log': [{ ...error, file: '//wsl$/Ubuntu/home/ann/build/top.v', line: 1888 }],
});
export const questaFatalLine = gives('questa', {
  'vsim.log': [
    { ...error, code: 'vsim-3421', file: '/w/src/ctrl.vhd', line: 46, time: '320 ns', scope: '/tb/dut/ctrl' },
  ],
});
export const questaWhileParsing = gives('questa', {
  'vlog.log': [
    { ...error, code: 'vlog-2730', file: 'tb/tb_top.sv', line: 42, message: "Undefined variable: 'got'." },
    { ...error, code: 'vlog-2164', file: 'src/regs.svh', line: 9 },
    { ...error, code: 'vlog-13069', file: 'src/class_a.svh', line: 5, message: containing('near "function"') },
    { severity: 'warning', code: 'vlog-2244', file: 'tb/mem.sv', line: 25 },
  ],
});
export const veribleRangeOverLines = gives('verible', {
  'lint.log': [
    { message: 'Explicitly define a default case for every case statement.', line: 5, column: 3 },
    { message: 'Use spaces, not tabs.', line: 9, column: 1 },
  ],
});
export const vivadoXsimFatal = gives('vivado', {
  'xsim.log': [
    { ...error, time: '1493 ns', message: containing('Iteration limit') },
    { ...error, time: '3925 ns', file: '/w/src/store.sv', line: 366 },
    { ...error, time: '10 ns', file: '/w/tb/tb.vhd', line: 42, message: containing('Index 8 out of bound') },
  ],
});

export const questaPathWithBlank: CaseCheck = async (given) => {
  const firm = 'C:/Users/ann/OneDrive - Firm/top.v';
  await gives('questa', {
    'vlog.log': [
      { ...error, code: 'vlog-2730', file: '/home/ann/my designs/src/top.v', line: 12 },
      { ...error, code: 'vlog-2892', file: firm, line: 14 },
      { ...error, code: 'vlog-13069', file: firm, line: 20 },
    ],
  })(given);
  await gives('vcs', { 'vcs.log': [{ ...error, code: 'IND', file: '/home/ann/my designs/src/top.sv', line: 10 }] })(
    given,
  );
};
