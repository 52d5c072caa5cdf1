// What every reader of tool output must bear: logs of any tool, spoilt in any way; result files; waveforms; SARIF out.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { Diagnostic, GenrtlError } from '@genrtl/contracts';
import { adapters } from '@genrtl/eda/adapters/index.ts';
import type { ToolAdapter } from '@genrtl/eda/adapter.ts';
import { DiagnosticCollector, feedLines } from '@genrtl/eda/parsing/index.ts';
import { problemLine } from '@genrtl/eda/problem-text.ts';
import { parseXunit } from '@genrtl/eda/results/xunit.ts';
import { toSarif } from '@genrtl/eda/sarif.ts';
import { openVcd } from '@genrtl/eda/waves/index.ts';
import { ROOT } from '../e2e/harness.ts';
import type { FuzzTarget } from './run-fuzz.ts';
import { spoilt } from './spoil.ts';

/** CPU that an input of some kilobytes may cost; linear code needs a thousandth of it. */
const MAX_CPU_MS = 2_000;

export function parserTargets(): FuzzTarget[] {
  const logs = fixtureLogs();
  return [
    ...adapters.map((adapter) => logTarget(adapter, logs)),
    {
      name: 'xUnit reader',
      runs: 300,
      property: fc.property(spoilt(XUNIT), (bytes) => {
        readsOrRefuses(() => parseXunit(Buffer.from(bytes).toString('utf8'), 'ghdl'));
      }),
    },
    { name: 'VCD reader', runs: 60, property: fc.asyncProperty(spoilt(VCD), readVcd) },
    { name: 'SARIF', runs: 500, property: fc.property(fc.array(diagnostic, { maxLength: 8 }), sarifKeeps) },
  ];
}

/** All recorded and documented logs, whatever tool they are of: a tool's log may hold another's. */
function fixtureLogs(): Buffer[] {
  const root = path.join(ROOT, 'eda/fixtures');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => readFileSync(path.join(root, file)).subarray(0, 6_000));
}

function logTarget(adapter: ToolAdapter, logs: readonly Buffer[]): FuzzTarget {
  const cuts = fc.array(fc.nat(8_000), { maxLength: 6 });
  return {
    name: `${adapter.id} logs`,
    runs: 120,
    property: fc.property(spoilt(logs), cuts, (bytes, at) => {
      const whole = timed(() => parse(adapter, [bytes]));
      const borders = [0, ...[...at].filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const pieces = parse(
        adapter,
        borders.slice(1).map((end, i) => bytes.subarray(borders[i] ?? 0, end)),
      );
      const found = whole.diagnostics();
      if (
        JSON.stringify(found) !== JSON.stringify(pieces.diagnostics()) ||
        JSON.stringify(whole.facts) !== JSON.stringify(pieces.facts)
      )
        throw new Error('the borders of chunks change what is read');
      for (const one of found) {
        Diagnostic.parse(one);
        if (one.tool !== adapter.id) throw new Error(`a finding of ${one.tool}`);
        if (/[\r\n]/.test(problemLine(one))) throw new Error('a problem line of two lines');
      }
      const { error, warning, info } = whole.counts;
      if (error + warning + info < found.length) throw new Error('more kept than counted');
      sarifKeeps(found);
    }),
  };
}

function parse(adapter: ToolAdapter, chunks: readonly Uint8Array[]): DiagnosticCollector {
  const collector = new DiagnosticCollector('/w');
  const feed = feedLines(adapter.createParser('stdout', collector));
  for (const chunk of chunks) feed.push(chunk);
  feed.end();
  return collector;
}

function timed<T>(work: () => T): T {
  const from = process.cpuUsage().user;
  const result = work();
  const ms = (process.cpuUsage().user - from) / 1000;
  if (ms > MAX_CPU_MS) throw new Error(`${Math.round(ms)} ms of CPU`);
  return result;
}

function readsOrRefuses(work: () => unknown): void {
  try {
    timed(work);
  } catch (error) {
    if (!(error instanceof GenrtlError)) throw error;
  }
}

async function readVcd(bytes: Uint8Array): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'genrtl-fuzz-vcd-'));
  try {
    const file = path.join(folder, 'w.vcd');
    writeFileSync(file, bytes);
    const wave = await openVcd(file);
    try {
      const names = wave.signals.slice(0, 4).map(({ name }) => name);
      const { signals } = await wave.query({ signals: names });
      for (const signal of signals) {
        for (const [, value] of signal.changes) if (value === '') throw new Error(`${signal.name} has an empty value`);
      }
      for (const name of names) await wave.valueAt(name, wave.end);
    } finally {
      await wave.close();
    }
  } catch (error) {
    if (!(error instanceof GenrtlError)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', ' ', 'a b/ü.sv', '%', '/abs/x.sv', '../x', '\ud800', 'C:\\x.sv', '#?&'),
);
const number = fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined });
const diagnostic: fc.Arbitrary<Diagnostic> = fc
  .record({
    tool: fc.constant('icarus'),
    severity: fc.constantFrom('error' as const, 'warning' as const, 'info' as const),
    message: anyText,
    code: fc.option(anyText, { nil: undefined }),
    file: fc.option(anyText, { nil: undefined }),
    line: number,
    column: number,
    end_column: number,
    scope: fc.option(anyText, { nil: undefined }),
  })
  .map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as Diagnostic);

/** Level, message, rule, place: what goes into SARIF comes out of its JSON again. */
function sarifKeeps(diagnostics: readonly Diagnostic[]): void {
  const log = JSON.parse(JSON.stringify(toSarif([{ tool: 'icarus', version: '11', diagnostics }]))) as ReturnType<
    typeof toSarif
  >;
  const results = log.runs[0]?.results ?? [];
  const same = (what: string, a: unknown, b: unknown): void => {
    if (a !== b) throw new Error(`${what}: ${JSON.stringify(a)} became ${JSON.stringify(b)}`);
  };
  same('number of results', diagnostics.length, results.length);
  diagnostics.forEach((one, at) => {
    const result = results[at];
    const place = result?.locations?.[0]?.physicalLocation;
    same('level', { error: 'error', warning: 'warning', info: 'note' }[one.severity], result?.level);
    same('rule', one.code, result?.ruleId);
    same('message', one.message === '' ? '(no message)' : one.message, result?.message.text);
    if (one.file === undefined) return;
    const uri = place?.artifactLocation?.uri ?? '';
    same('file', one.file.toWellFormed(), decodeURIComponent(uri.replace(/^file:\/\//, '')));
    same('line', one.line, place?.region?.startLine);
    if (one.line !== undefined) same('column', one.column, place?.region?.startColumn);
  });
}

const XUNIT = [
  '<?xml version="1.0"?>\n<testsuite errors="0" failures="1"><testcase classname="lib.tb" name="all" time="1.5"><failure message="failed"/></testcase><testcase name="b &amp; c" time="0"/></testsuite>',
  '<testsuites name="results"><testsuite name="all" package="all"><property name="random_seed" value="1"/><testcase name="t" classname="m" file="a.py" lineno="3" time="0.1" sim_time_ns="10" ratio_time="1"><failure error_type="AssertionError" error_msg="x != y"/></testcase></testsuite></testsuites>',
  '<!DOCTYPE a [<!ENTITY b "&c;&c;"><!ENTITY c "x">]><testsuite><testcase name="&b;"><system-out><![CDATA[<x>]]></system-out><skipped/></testcase></testsuite>',
].map((text) => Buffer.from(text));

const VCD = [
  '$date d $end $timescale 10 ps $end $scope module tb $end $var wire 1 ! clk $end $var reg 4 " count [3:0] $end $var real 64 # level $end $upscope $end $enddefinitions $end\n#0\n$dumpvars\n0!\nbx "\nr0.5 #\n$end\n#10\n1!\nb101 "\n#20\n0!\nb1111 "\n#30\n1!\n',
  '$timescale 1ns $end\n$var wire 1 a a $end\n$enddefinitions $end\n#5\n1a\n$dumpoff\nxa\n$end\n#7\n$dumpon\n0a\n$end\n$comment #9 1a $end\n#18446744073709551615\n1a\n',
].map((text) => Buffer.from(text));
