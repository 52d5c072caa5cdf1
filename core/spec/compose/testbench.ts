// Writes the self-checking bench from the Checks section, at the default parameters.
import type { CheckRow, CheckValue, Design, DesignPort } from '../design.ts';
import { fixedWidth } from '../expr/width.ts';
import { alignColumns, commentText, range } from './layout.ts';
import { declaredNames, FreeNames } from './names.ts';

/** An active-low reset falls this long after time 0, so that two-state simulators see an edge as well. */
const RESET_FALL_PS = 1;
/** Verilator 5.006 loses delays beyond 2^32 ticks of 1 ps: longer ones are made of steps. */
const LONGEST_DELAY_PS = 1_000_000_000;

/** All rows that act at one instant: first every expectation, then every drive. */
interface Instant {
  readonly timePs: number;
  readonly rows: readonly CheckRow[];
}

/** The text of `tb/tb_<module>.sv`; a pure function of the design. */
export function writeTestbench(design: Design): string {
  const instants = instantsOf(design.checks);
  // names inside the design are avoided too: Verilator warns of a net that hides a name of the bench
  const names = new FreeNames([`tb_${design.module}`, ...declaredNames(design)]);
  const dut = names.take('dut');
  const failures = names.take('failures');
  const fail = names.take('fail');
  const vcd = names.take('vcd_file');
  const signal = names.take('signal');
  const bench = `tb_${design.module}`;
  const writer: Writer = { fail, widths: new Map(design.ports.map(({ name, width }) => [name, width.bits])) };
  return `// ${bench}: self-checking bench of ${design.module}
// Composed by genRTL from the Checks of the specification. Each failing expectation prints FAIL with signal and time in
// ns.
\`timescale 1ns/1ps
module ${bench};
${portVariables(design.ports, activeLowResets(design))}
  int ${failures} = 0;
  string ${vcd};

  ${design.module} ${dut} (
${alignColumns(design.ports.map(({ name }) => [`    .${name}`, `(${name})`])).join(',\n')}
  );

${clockGenerators(design)}  task automatic ${fail}(input string ${signal});
    ${failures} = ${failures} + 1;
    $display("FAIL signal=%0s time=${timeFormat(instants)}", ${signal}, ${isWholeNs(instants) ? '$time' : '$realtime'});
  endtask

  initial begin
    if ($value$plusargs("vcd=%s", ${vcd})) begin
      $dumpfile(${vcd});
      $dumpvars(0, ${bench});
    end
${stimulus(design, instants, writer)}
    if (${failures} == 0) $display("PASS");
    $finish;
  end
${unusedOutputs(design, names)}endmodule
`;
}

interface Writer {
  readonly fail: string;
  readonly widths: ReadonlyMap<string, number>;
}

/** Rows in the order of time; equal times act together whatever their clock. */
function instantsOf(checks: readonly CheckRow[]): Instant[] {
  const byTime = new Map<number, CheckRow[]>();
  for (const row of checks) {
    const rows = byTime.get(row.timePs);
    if (rows) rows.push(row);
    else byTime.set(row.timePs, [row]);
  }
  return [...byTime].map(([timePs, rows]) => ({ timePs, rows })).toSorted((a, b) => a.timePs - b.timePs);
}

function activeLowResets(design: Design): Set<string> {
  return new Set(design.clocks.flatMap(({ reset }) => (reset?.active === 'low' ? [reset.name] : [])));
}

/** Inputs start at 0; an active-low reset is pulled down right after, see RESET_FALL_PS. */
function portVariables(ports: readonly DesignPort[], resets: ReadonlySet<string>): string {
  return alignColumns(
    ports.map(({ name, direction, width }) => {
      const fixed = fixedWidth(width.bits);
      if (direction === 'output') return ['  wire', range(fixed), `${name};`];
      return ['  logic', range(fixed), `${name} = ${resets.has(name) ? "1'b1" : literal('0'.repeat(width.bits))};`];
    }),
  ).join('\n');
}

/** Every clock starts at 0 and rises first after one period. */
function clockGenerators({ clocks }: Design): string {
  return clocks
    .map(
      ({ name, periodPs }) => `  initial begin
${wait(periodPs)}
    forever begin
      ${name} = 1'b1;
${wait(periodPs / 2, '      ')}
      ${name} = 1'b0;
${wait(periodPs / 2, '      ')}
    end
  end

`,
    )
    .join('');
}

function stimulus(design: Design, instants: readonly Instant[], writer: Writer): string {
  const lines: string[] = [];
  let now = 0;
  const resets = activeLowResets(design);
  if (resets.size > 0) {
    lines.push(wait(RESET_FALL_PS), ...[...resets].map((name) => `    ${name} = 1'b0;`));
    now = RESET_FALL_PS;
  }
  for (const { timePs, rows } of instants) {
    lines.push(wait(timePs - now));
    now = timePs;
    for (const row of rows) {
      lines.push(
        `    // cycle ${row.cycle}, line ${row.line} of the specification`,
        ...row.expect.flatMap((value) => expectation(value, writer)),
      );
    }
    for (const { drive } of rows) lines.push(...drive.map(({ port, bits }) => `    ${port} = ${literal(bits)};`));
  }
  const end = Math.max(0, ...design.checks.map(({ timePs, periodPs }) => timePs + periodPs));
  if (end > now) lines.push(wait(end - now));
  return lines.join('\n');
}

/** Compared with `===`; x in the expectation leaves those bits out. */
function expectation({ port, bits }: CheckValue, { fail }: Writer): string[] {
  if (/^x+$/.test(bits)) return [];
  const failed = `${fail}("${port}");`;
  if (!bits.includes('x')) return [`    if (${port} !== ${literal(bits)}) ${failed}`];
  const mask = literal(bits.replace(/[^x]/g, '1').replaceAll('x', '0'));
  return [`    if ((${port} & ${mask}) !== ${literal(bits.replaceAll('x', '0'))}) ${failed}`];
}

/** Decimal for readers up to 32 bits, hexadecimal above, binary with x or z. */
function literal(bits: string): string {
  if (/[xz]/.test(bits)) return `${bits.length}'b${bits}`;
  const value = BigInt(`0b${bits}`);
  return bits.length === 1 || bits.length > 32
    ? `${bits.length}'${bits.length === 1 ? 'b' : 'h'}${value.toString(16)}`
    : `${bits.length}'d${value}`;
}

function wait(ps: number, indent = '    '): string {
  const lines: string[] = [];
  const steps = Math.floor(ps / LONGEST_DELAY_PS);
  if (steps > 1 || (steps === 1 && ps > LONGEST_DELAY_PS))
    lines.push(`${indent}repeat (${steps}) #${nanoseconds(LONGEST_DELAY_PS)};`);
  const rest = lines.length > 0 ? ps % LONGEST_DELAY_PS : ps;
  if (rest > 0) lines.push(`${indent}#${nanoseconds(rest)};`);
  return lines.join('\n');
}

function nanoseconds(ps: number): string {
  const whole = Math.floor(ps / 1000);
  const fraction = String(ps % 1000)
    .padStart(3, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(whole) : `${whole}.${fraction}`;
}

function isWholeNs(instants: readonly Instant[]): boolean {
  return instants.every(({ timePs }) => timePs % 1000 === 0);
}

/** As many decimals as the finest sampling time has. */
function timeFormat(instants: readonly Instant[]): string {
  const decimals = Math.max(0, ...instants.map(({ timePs }) => (nanoseconds(timePs).split('.')[1] ?? '').length));
  return decimals === 0 ? '%0d' : `%0.${decimals}f`;
}

function unusedOutputs(design: Design, names: FreeNames): string {
  const expected = new Set(
    design.checks.flatMap(({ expect }) => expect.filter(({ bits }) => !bits.includes('x')).map(({ port }) => port)),
  );
  const open = design.ports
    .filter(({ name, direction }) => direction === 'output' && !expected.has(name))
    .map(({ name }) => name);
  return open.length === 0 ? '' : `\n  wire ${names.take('unused_ok')} = &{1'b0, ${open.join(', ')}};\n`;
}

/** The text of a check for plans and people, e.g. `cycle 3: drive en=1; expect count=0`. */
export function describeCheck({ cycle, drive, expect }: CheckRow): string {
  const list = (values: readonly CheckValue[]): string => values.map(({ port, text }) => `${port}=${text}`).join(', ');
  const parts = [
    drive.length > 0 ? `drive ${list(drive)}` : '',
    expect.length > 0 ? `expect ${list(expect)}` : '',
  ].filter((part) => part !== '');
  return commentText(`cycle ${cycle}: ${parts.join('; ')}`);
}
