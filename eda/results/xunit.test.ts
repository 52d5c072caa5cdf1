// Result files of the two frameworks, and what is none.
import { describe, expect, it } from 'vitest';
import { parseXunit } from './xunit.ts';

const VUNIT = `<?xml version="1.0" encoding="utf-8"?>
<testsuite errors="0" failures="1" name="testsuite" skipped="1" tests="3">
  <testcase classname="lib.tb_uart" file="/src/tb_uart.vhd" line="40" name="sends a byte" time="1.25"><system-out>out</system-out></testcase>
  <testcase classname="lib.tb_uart" name="receives &lt;two&gt; bytes" time="0.5"><failure message="Failed"/><system-out>ERROR - got 0x41 &amp; 0x42</system-out></testcase>
  <testcase classname="lib.tb_uart" name="parity" time="0"><skipped message="Skipped"/></testcase>
</testsuite>`;

const COCOTB = `<testsuites name="results">
  <testsuite name="all" package="all">
    <property name="random_seed" value="1690000000"/>
    <testcase name="reset_clears" classname="test_fifo" file="/t/test_fifo.py" lineno="12" time="0.0021" sim_time_ns="120.0" ratio_time="57142.8"/>
    <testcase name="overflow" classname="test_fifo" time="0.01" sim_time_ns="900.0"><failure error_type="AssertionError" error_msg="full was 0 at 880 ns"/></testcase>
    <testcase name="hangs" classname="test_fifo" time="0.02"><error message="SimTimeoutError"/></testcase>
  </testsuite>
</testsuites>`;

describe('test results', () => {
  it('of VUnit: skipped tests say nothing', () => {
    expect(parseXunit(VUNIT, 'ghdl')).toEqual([
      {
        name: 'lib.tb_uart.sends a byte',
        kind: 'testbench',
        tool: 'ghdl',
        passed: true,
        failures: [],
        duration_ms: 1250,
      },
      {
        name: 'lib.tb_uart.receives <two> bytes',
        kind: 'testbench',
        tool: 'ghdl',
        passed: false,
        failures: [{ message: 'Failed' }],
        duration_ms: 500,
      },
    ]);
  });

  it('of cocotb: the reason is in error_msg, an error is a failure', () => {
    expect(
      parseXunit(COCOTB, 'icarus').map(({ name, passed, failures }) => [name, passed, failures[0]?.message]),
    ).toEqual([
      ['test_fifo.reset_clears', true, undefined],
      ['test_fifo.overflow', false, 'full was 0 at 880 ns'],
      ['test_fifo.hangs', false, 'SimTimeoutError'],
    ]);
  });
});

describe('refused with USAGE', () => {
  it.each([
    ['no XML', 'PASS\n'],
    ['cut off', VUNIT.slice(0, 300)],
    ['another document', '<html><body/></html>'],
    ['nothing', ''],
    [
      'external entities that are used',
      '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&x;"/></testsuite>',
    ],
  ])('%s', (name, text) => {
    let outcome: unknown;
    try {
      outcome = parseXunit(text, 'icarus');
    } catch (error) {
      expect(error).toMatchObject({ code: 'USAGE' });
      return;
    }
    // an entity that was not resolved is no leak
    expect([name, JSON.stringify(outcome)]).toEqual([
      'external entities that are used',
      expect.not.stringContaining('root:'),
    ]);
  });

  it('a billion laughs', () => {
    const bomb = `<!DOCTYPE t [<!ENTITY a "ha">${Array.from({ length: 12 }, (_, at) => `<!ENTITY ${String.fromCharCode(98 + at)} "${`&${String.fromCharCode(97 + at)};`.repeat(20)}">`).join('')}]><testsuite><testcase name="&m;"/></testsuite>`;
    let size = 0;
    try {
      size = JSON.stringify(parseXunit(bomb, 'icarus')).length;
    } catch {
      /* refused as well */
    }
    expect(size).toBeLessThan(1_000_000);
  });
});
