// How a VHDL bench ends, as GHDL 2.0 prints it, and what that says of the design.
import { describe, expect, it } from 'vitest';
import { DiagnosticCollector, feedLines } from '../../parsing/index.ts';
import { ghdl } from './index.ts';

function judge(stdout: string, exitCode: number) {
  const collector = new DiagnosticCollector('/w');
  const feed = feedLines(ghdl.createParser('stdout', collector));
  feed.push(Buffer.from(stdout));
  feed.end();
  const verdict = ghdl.verdict({
    action: 'simulate',
    planned: 3,
    commands: [
      { role: 'build', exitCode: 0, signal: null, artefactFound: true },
      { role: 'build', exitCode: 0, signal: null, artefactFound: null },
      { role: 'run', exitCode, signal: null, artefactFound: null },
    ],
    counts: collector.counts,
    log: collector.facts,
    tests: [],
    missing: 0,
  });
  return { verdict, messages: collector.diagnostics().map(({ message }) => message) };
}

const said = (severity: string, text: string): string => `tb.vhd:2:59:@1ns:(report ${severity}): ${text}\n`;
const FAILED =
  '/usr/bin/ghdl-mcode:error: report failed\nin process .t(a).P0\n/usr/bin/ghdl-mcode:error: simulation failed\n';

describe('a bench that ends', () => {
  it.each([
    ['by running out of events, with PASS', said('note', 'PASS'), 0, 'pass'],
    ['by running out of events, without a word', '', 0, 'unknown'],
    ['by running out of events after an assertion', 'tb.vhd:2:59:@1ns:(assertion error): bad\n', 0, 'fail'],
    ['by finish', 'simulation finished @1ns\n', 0, 'pass'],
    ['by finish(0)', 'simulation finished @1ns with status 0\n', 0, 'pass'],
    ['by finish(1)', 'simulation finished @1ns with status 1\n', 1, 'fail'],
    ['by finish after an error', `${said('error', 'q is wrong')}simulation finished @1ns\n`, 0, 'fail'],
    ['by stop with PASS', `${said('note', 'PASS')}simulation stopped @1ns with status 0\n`, 0, 'pass'],
    ['by stop without a word', 'simulation stopped @1ns\n', 0, 'unknown'],
    ['by stop(2)', `${said('note', 'PASS')}simulation stopped @1ns with status 2\n`, 2, 'fail'],
    [
      'by severity failure, with PASS before',
      `${said('note', 'PASS')}${said('failure', 'end of simulation')}${FAILED}`,
      1,
      'pass',
    ],
    ['by severity failure that says PASS', `${said('failure', 'PASS: 4 checks')}${FAILED}`, 1, 'pass'],
    ['by "NONE. End of simulation."', `${said('failure', 'NONE. End of simulation.')}${FAILED}`, 1, 'unknown'],
    ['by severity failure that means it', `${said('note', 'PASS')}${said('failure', 'overflow')}${FAILED}`, 1, 'fail'],
    [
      'by the end of the run',
      `${said('note', 'PASS')}/usr/bin/ghdl-mcode:info: simulation stopped by --stop-time @10ns\n`,
      0,
      'unknown',
    ],
  ])('%s', (_how, log, exitCode, verdict) => {
    expect(judge(log, exitCode).verdict).toBe(verdict);
  });

  it('by a status says so', () => {
    expect(judge('simulation finished @1ns with status 1\n', 1).messages).toEqual([
      'the simulation ended with status 1',
    ]);
  });
});
