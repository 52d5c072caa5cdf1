// What a command of a project proves by what it leaves, prints and ends with.
import { describe, expect, it } from 'vitest';
import { emptyLogFacts } from '../adapter.ts';
import type { RunFacts } from '../adapter.ts';
import { judge } from './command-adapter.ts';

type Check = Parameters<typeof judge>[0];
const check = (more: Partial<Check>): Check => ({ pass: null, results: [], logs: [], parser: null, ...more });
const test = (passed: boolean) => ({
  name: 't',
  kind: 'testbench' as const,
  tool: 'command',
  passed,
  failures: [],
  duration_ms: 0,
});

function facts(more: {
  exitCode?: number | null;
  signal?: string;
  errors?: number;
  own?: Record<string, number>;
  pass?: number;
  fail?: number;
  tests?: boolean[];
  missing?: number;
}): RunFacts {
  return {
    action: 'simulate',
    planned: 1,
    commands: [
      {
        role: 'run',
        exitCode: more.exitCode === undefined ? 0 : more.exitCode,
        signal: more.signal ?? null,
        artefactFound: null,
      },
    ],
    counts: { error: more.errors ?? 0, warning: 0, info: 0 },
    log: {
      ...emptyLogFacts(),
      passLines: more.pass ?? 0,
      failLines: more.fail ?? 0,
      own: { 'command.lines': 3, ...more.own },
    },
    tests: (more.tests ?? []).map(test),
    missing: more.missing ?? 0,
  };
}

const RESULTS = check({ results: ['r.xml'] });
const PASS = check({ pass: 'TEST PASSED' });
const PARSER = check({ parser: 'questa' });
const SAID = { own: { 'command.pass': 1 } };

describe('a command', () => {
  it.each([
    ['with passing results', RESULTS, facts({ tests: [true, true] }), 'pass'],
    ['with passing results, whatever its exit code', RESULTS, facts({ tests: [true], exitCode: 2 }), 'pass'],
    ['with a failing test, although it ends with 0', RESULTS, facts({ tests: [true, false] }), 'fail'],
    ['with an empty result file', RESULTS, facts({}), 'unknown'],
    ['that left no result file', RESULTS, facts({ missing: 1 }), 'unknown'],
    ['with passing results and an error in its log', RESULTS, facts({ tests: [true], errors: 1 }), 'fail'],
    ['that says the pass', PASS, facts(SAID), 'pass'],
    ['that says the pass and ends badly', PASS, facts({ ...SAID, exitCode: 1 }), 'pass'],
    ['that does not say it, although it ends with 0', PASS, facts({}), 'fail'],
    ['that says it after an error', PASS, facts({ ...SAID, errors: 2 }), 'fail'],
    ['that says it and FAIL', PASS, facts({ ...SAID, fail: 1 }), 'fail'],
    ['whose UVM summary counts errors', PASS, facts({ own: { 'command.pass': 1, 'summary.UVM_ERROR': 1 } }), 'fail'],
    [
      'that has the pass but not the results',
      check({ pass: 'X', results: ['r.xml'] }),
      facts({ ...SAID, missing: 1 }),
      'unknown',
    ],
    ['without findings', PARSER, facts({}), 'pass'],
    ['without findings that ends badly', PARSER, facts({ exitCode: 1 }), 'unknown'],
    ['without a word', PARSER, facts({ own: { 'command.lines': 0 } }), 'unknown'],
    ['that make cannot make', PASS, facts({ exitCode: 2, own: { 'command.broken': 1 } }), 'crashed'],
    ['that is not there', PASS, facts({ exitCode: 127 }), 'crashed'],
    ['that was killed', RESULTS, facts({ exitCode: null, signal: 'SIGKILL', tests: [true] }), 'crashed'],
  ])('%s: verdict', (_what, asked, given, verdict) => {
    const judged = judge(asked, given);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reason === '').toBe(verdict === 'pass');
  });

  it('that may not write where it wants to is told how to say so', () => {
    expect(judge(PASS, facts({ exitCode: 2, own: { 'command.wrote': 1 } })).reason).toContain('needs.write');
  });
});
