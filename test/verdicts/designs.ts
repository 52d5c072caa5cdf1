// Designs with several outputs and testbenches that look at each of them, drawn from a seed: of every pair the design
// can be made wrong in one output, and the testbench can be told not to look at it.

export interface Pair {
  readonly name: string;
  readonly top: string;
  readonly outputs: readonly string[];
  /** `wrong`: this output is the inverse of what it should be */
  rtl(wrong?: string): string;
  /** `without`: nothing is said of this output */
  bench(without?: string): string;
}

interface Port {
  readonly name: string;
  readonly width: number;
}

interface Shape {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** bus that is driven while `oe` is high */
  readonly bus?: Port & { readonly data: string };
  readonly body: string;
  /** what drives each output */
  readonly drives: Readonly<Record<string, string>>;
  /** the bench's own variables, how a reset leaves them, what a clock edge does, what inputs do at once */
  readonly model: { readonly declare: string; readonly reset: string; readonly step: string; readonly comb?: string };
  readonly expect: Readonly<Record<string, string>>;
}

/** Mulberry32. */
class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  /** 0 to `limit` - 1 */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return Math.floor((((word ^ (word >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }
}

const port = (name: string, width = 1): Port => ({ name, width });
const onClock = (text: string): string => `always @(posedge clk or negedge rst_n)\n    ${text}`;

type Template = (random: Random) => Shape;

const TEMPLATES: Readonly<Record<string, Template>> = {
  counter: (random) => {
    const w = random.between(3, 6);
    return {
      inputs: [port('en'), port('load'), port('d', w)],
      outputs: [port('count', w), port('last'), port('parity')],
      body: `reg [${w - 1}:0] c;\n  ${onClock('if (!rst_n) c <= 0; else if (load) c <= d; else if (en) c <= c + 1;')}`,
      drives: { count: 'c', last: '&c', parity: '^c' },
      model: { declare: `reg [${w - 1}:0] m;`, reset: 'm = 0;', step: 'if (load) m = d; else if (en) m = m + 1;' },
      expect: { count: 'm', last: `(m == {${w}{1'b1}})`, parity: '^m' },
    };
  },
  alu: (random) => {
    const w = random.between(2, 9);
    const t =
      "case (op) 0: T = {1'b0, a} + {1'b0, b}; 1: T = {1'b0, a} - {1'b0, b}; 2: T = {1'b0, a & b}; default: T = {1'b0, a ^ b}; endcase";
    return {
      inputs: [port('op', 2), port('a', w), port('b', w)],
      outputs: [port('y', w), port('zero'), port('neg'), port('carry')],
      body: `reg [${w}:0] t;\n  initial t = 0;\n  always @* ${t.replaceAll('T =', 't =')}`,
      drives: { y: `t[${w - 1}:0]`, zero: `t[${w - 1}:0] == 0`, neg: `t[${w - 1}]`, carry: `t[${w}]` },
      model: { declare: `reg [${w}:0] m;`, reset: '', step: '', comb: t.replaceAll('T =', 'm =') },
      expect: { y: `m[${w - 1}:0]`, zero: `(m[${w - 1}:0] == 0)`, neg: `m[${w - 1}]`, carry: `m[${w}]` },
    };
  },
  shift: (random) => {
    const w = random.between(4, 12);
    return {
      inputs: [port('sin'), port('en')],
      outputs: [port('q', w), port('msb'), port('some')],
      body: `reg [${w - 1}:0] s;\n  ${onClock(`if (!rst_n) s <= 0; else if (en) s <= {s[${w - 2}:0], sin};`)}`,
      drives: { q: 's', msb: `s[${w - 1}]`, some: '|s' },
      model: { declare: `reg [${w - 1}:0] m;`, reset: 'm = 0;', step: 'if (en) m = (m << 1) | sin;' },
      expect: { q: 'm', msb: `m[${w - 1}]`, some: '(m != 0)' },
    };
  },
  sequence: (random) => {
    const w = random.between(2, 4);
    const value = random.below(2 ** w);
    return {
      inputs: [port('din')],
      outputs: [port('found'), port('seen', 4), port('history', w)],
      body: `reg [${w - 1}:0] h; reg [3:0] n;\n  wire hit = {h[${w - 2}:0], din} == ${w}'d${value};\n  ${onClock(`if (!rst_n) begin h <= 0; n <= 0; end else begin h <= {h[${w - 2}:0], din}; if (hit) n <= n + 1; end`)}`,
      drives: { found: 'hit', seen: 'n', history: 'h' },
      model: {
        declare: `reg [${w - 1}:0] mh; reg [3:0] mn;`,
        reset: 'mh = 0; mn = 0;',
        step: `mh = (mh << 1) | din; if (mh == ${value}) mn = mn + 1;`,
      },
      expect: { found: `(((mh << 1) | din) & ${2 ** w - 1}) == ${value}`, seen: 'mn', history: 'mh' },
    };
  },
  gray: (random) => {
    const w = random.between(3, 7);
    return {
      inputs: [port('en')],
      outputs: [port('bin', w), port('gray', w), port('odd')],
      body: `reg [${w - 1}:0] c;\n  ${onClock('if (!rst_n) c <= 0; else if (en) c <= c + 1;')}`,
      drives: { bin: 'c', gray: 'c ^ (c >> 1)', odd: 'c[0]' },
      model: { declare: `reg [${w - 1}:0] m;`, reset: 'm = 0;', step: 'm = m + en;' },
      expect: { bin: 'm', gray: "(m ^ {1'b0, m[W:1]})".replace('W', String(w - 1)), odd: 'm[0]' },
    };
  },
  crc: (random) => {
    const poly = 1 + 2 * random.between(1, 127);
    return {
      inputs: [port('din'), port('valid'), port('clear')],
      outputs: [port('crc', 8), port('good'), port('taken')],
      body: `reg [7:0] c; reg t;\n  wire f = c[7] ^ din;\n  ${onClock(`if (!rst_n) begin c <= 8'hff; t <= 0; end else begin t <= valid; if (clear) c <= 8'hff; else if (valid) c <= {c[6:0], 1'b0} ^ (f ? 8'd${poly} : 8'd0); end`)}`,
      drives: { crc: 'c', good: "c == 8'hff", taken: 't' },
      model: {
        declare: 'reg [7:0] m; reg mt; reg mf;',
        reset: "m = 8'hff; mt = 0;",
        step: `mt = valid; mf = m[7] ^ din; if (clear) m = 255; else if (valid) begin m = m << 1; if (mf) m = m ^ ${poly}; end`,
      },
      expect: { crc: 'm', good: '(m == 255)', taken: 'mt' },
    };
  },
  priority: (random) => {
    const w = random.between(3, 8);
    return {
      inputs: [port('req', w)],
      outputs: [port('index', 4), port('any'), port('grant', w)],
      body: `reg [3:0] x; integer k;\n  initial x = 0;\n  always @* begin x = 0; for (k = ${w - 1}; k >= 0; k = k - 1) if (req[k]) x = k; end`,
      drives: { index: 'x', any: '|req', grant: 'req & (~req + 1)' },
      model: {
        declare: `reg [3:0] mx; reg [${w - 1}:0] mg; integer k;`,
        reset: '',
        step: '',
        comb: `mx = 0; mg = 0; for (k = 0; k < ${w}; k = k + 1) if (mg == 0 && req[k]) begin mg[k] = 1; mx = k; end`,
      },
      expect: { index: 'mx', any: '(req != 0)', grant: 'mg' },
    };
  },
  registers: (random) => {
    const w = random.between(2, 16);
    return {
      inputs: [port('we'), port('wa', 2), port('wd', w), port('ra', 2), port('rb', 2)],
      outputs: [port('qa', w), port('qb', w), port('same')],
      body: `reg [${w - 1}:0] r [0:3]; integer k;\n  initial for (k = 0; k < 4; k = k + 1) r[k] = 0;\n  always @(posedge clk) if (we) r[wa] <= wd;`,
      drives: { qa: 'r[ra]', qb: 'r[rb]', same: 'ra == rb' },
      model: {
        declare: `reg [${w - 1}:0] m [0:3]; integer n;`,
        reset: 'for (n = 0; n < 4; n = n + 1) m[n] = 0;',
        step: 'if (we) m[wa] = wd;',
      },
      expect: { qa: 'm[ra]', qb: 'm[rb]', same: '(ra === rb)' },
    };
  },
  saturate: (random) => {
    const w = random.between(4, 8);
    const [max, min] = [2 ** (w - 1) - 1, -(2 ** (w - 1))];
    return {
      inputs: [port('d', 3), port('clear')],
      outputs: [port('acc', w), port('full'), port('sign')],
      body: `reg signed [${w - 1}:0] a; wire signed [${w}:0] n = a + $signed(d);\n  ${onClock(`if (!rst_n) a <= 0; else if (clear) a <= 0; else if (n > ${max}) a <= ${max}; else if (n < ${min}) a <= ${min}; else a <= n[${w - 1}:0];`)}`,
      drives: { acc: 'a', full: `a == ${max} || a == ${min}`, sign: `a[${w - 1}]` },
      model: {
        declare: 'integer m, e;',
        reset: 'm = 0;',
        step: `e = d > 3 ? d - 8 : d; m = clear ? 0 : m + e; if (m > ${max}) m = ${max}; if (m < ${min}) m = ${min};`,
      },
      expect: { acc: `m[${w - 1}:0]`, full: `(m == ${max} || m == ${min})`, sign: '(m < 0)' },
    };
  },
  edges: (random) => {
    const stages = random.between(1, 3);
    return {
      inputs: [port('sig')],
      outputs: [port('rise'), port('fall'), port('both'), port('late')],
      body: `reg [${stages}:0] s;\n  ${onClock(`if (!rst_n) s <= 0; else s <= {s[${stages - 1}:0], sig};`)}`,
      drives: {
        rise: `s[${stages - 1}] & ~s[${stages}]`,
        fall: `~s[${stages - 1}] & s[${stages}]`,
        both: `s[${stages - 1}] ^ s[${stages}]`,
        late: `s[${stages}]`,
      },
      model: { declare: `reg [${stages}:0] m;`, reset: 'm = 0;', step: 'm = (m << 1) | sig;' },
      expect: {
        rise: `(m[${stages}:${stages - 1}] == 2'b01)`,
        fall: `(m[${stages}:${stages - 1}] == 2'b10)`,
        both: `(m[${stages}] != m[${stages - 1}])`,
        late: `m[${stages}]`,
      },
    };
  },
  timer: (random) => {
    const limit = random.between(3, 11);
    return {
      inputs: [port('en'), port('ack')],
      outputs: [port('cnt', 4), port('tick'), port('irq')],
      body: `reg [3:0] c; reg i;\n  wire t = en && c == ${limit};\n  ${onClock('if (!rst_n) begin c <= 0; i <= 0; end else begin if (t) c <= 0; else if (en) c <= c + 1; if (t) i <= 1; else if (ack) i <= 0; end')}`,
      drives: { cnt: 'c', tick: 't', irq: 'i' },
      model: {
        declare: 'reg [3:0] m; reg mi;',
        reset: 'm = 0; mi = 0;',
        step: `if (en && m == ${limit}) begin m = 0; mi = 1; end else begin m = m + en; if (ack) mi = 0; end`,
      },
      expect: { cnt: 'm', tick: `(en && m == ${limit})`, irq: 'mi' },
    };
  },
  sorter: (random) => {
    const w = random.between(2, 10);
    return {
      inputs: [port('a', w), port('b', w)],
      outputs: [port('low', w), port('high', w), port('swapped')],
      body: `function [${w - 1}:0] pick; input s; input [${w - 1}:0] x, y; pick = s ? x : y; endfunction\n  wire g = a > b;`,
      drives: { low: 'pick(g, b, a)', high: 'pick(g, a, b)', swapped: 'g' },
      model: { declare: '', reset: '', step: '' },
      expect: { low: '(a > b ? b : a)', high: '(b < a ? a : b)', swapped: '(b < a)' },
    };
  },
  identity: (random) => {
    const [w, id] = [random.between(4, 16), random.below(2 ** 4)];
    return {
      inputs: [port('a', w)],
      outputs: [port('id', w), port('version', 4), port('echo', w)],
      body: '',
      drives: { id: `${w}'d${id}`, version: "4'd9", echo: '~a' },
      model: { declare: '', reset: '', step: '' },
      expect: { id: `${id}`, version: '9', echo: `(a ^ {${w}{1'b1}})` },
    };
  },
  constant: (random) => ({
    inputs: [port('a')],
    outputs: [port('zero', random.between(1, 8)), port('ready'), port('pattern', 4)],
    body: '',
    drives: { zero: '0', ready: "1'b1", pattern: "4'd10" },
    model: { declare: '', reset: '', step: '' },
    expect: { zero: '0', ready: '1', pattern: '10' },
  }),
  /** all of its outputs are what a stub would drive */
  tied: (random) => {
    const value = random.below(2);
    return {
      inputs: [port('a')],
      outputs: [port('one', 3), port('other')],
      body: '',
      drives: { one: `{3{1'b${value}}}`, other: `1'b${value}` },
      model: { declare: '', reset: '', step: '' },
      expect: { one: `${value * 7}`, other: `${value}` },
    };
  },
  divider: (random) => {
    const half = random.between(1, 3);
    return {
      inputs: [port('en')],
      outputs: [port('div_clk'), port('phase', 3), port('running')],
      body: `reg [2:0] p; reg d;\n  ${onClock(`if (!rst_n) begin p <= 0; d <= 0; end else if (en) begin if (p == ${half}) begin p <= 0; d <= ~d; end else p <= p + 1; end`)}`,
      drives: { div_clk: 'd', phase: 'p', running: 'en' },
      model: {
        declare: 'reg [2:0] mp; reg md;',
        reset: 'mp = 0; md = 0;',
        step: `if (en) begin if (mp == ${half}) begin mp = 0; md = !md; end else mp = mp + 1; end`,
      },
      expect: { div_clk: 'md', phase: 'mp', running: 'en' },
    };
  },
  bus: (random) => {
    const w = random.between(2, 8);
    return {
      inputs: [port('oe'), port('data', w)],
      outputs: [port('heard', w), port('busy')],
      bus: { ...port('pad', w), data: 'data' },
      body: '',
      drives: { heard: 'pad', busy: 'oe' },
      model: { declare: '', reset: '', step: '' },
      expect: { heard: '(oe ? data : other)', busy: 'oe' },
    };
  },
  adders: (random) => {
    const [n, w] = [random.between(2, 5), random.between(2, 6)];
    const total = w + 3;
    return {
      inputs: [port('terms', n * w)],
      outputs: [port('sum', total), port('big'), port('first', w)],
      body: `wire [${total * (n + 1) - 1}:0] part;\n  assign part[${total - 1}:0] = 0;\n  genvar g;\n  generate for (g = 0; g < ${n}; g = g + 1) begin : add\n    assign part[g*${total}+${total} +: ${total}] = part[g*${total} +: ${total}] + terms[g*${w} +: ${w}];\n  end endgenerate\n  wire [${total - 1}:0] s = part[${total * n} +: ${total}];`,
      drives: { sum: 's', big: `s > ${2 ** w}`, first: `terms[${w - 1}:0]` },
      model: {
        declare: 'integer m, k;',
        reset: '',
        step: '',
        comb: `m = 0; for (k = 0; k < ${n}; k = k + 1) m = m + terms[k*${w} +: ${w}];`,
      },
      expect: { sum: `m[${total - 1}:0]`, big: `(m > ${2 ** w})`, first: `terms[0 +: ${w}]` },
    };
  },
  fifo: (random) => {
    const w = random.between(2, 8);
    return {
      inputs: [port('push'), port('pop'), port('d', w)],
      outputs: [port('head', w), port('empty'), port('full'), port('level', 3)],
      body: `reg [${w - 1}:0] m [0:3]; reg [1:0] r; reg [2:0] n; integer k;\n  initial for (k = 0; k < 4; k = k + 1) m[k] = 0;\n  wire pu = push && n != 4; wire po = pop && n != 0; wire [1:0] e = r + n[1:0];\n  always @(posedge clk) if (rst_n && pu) m[e] <= d;\n  ${onClock('if (!rst_n) begin r <= 0; n <= 0; end else begin if (po) r <= r + 1; n <= n + pu - po; end')}`,
      drives: { head: 'm[r]', empty: 'n == 0', full: 'n == 4', level: 'n' },
      model: {
        declare: `reg [${w - 1}:0] q [0:3]; integer l, j; reg doPush, doPop; reg [1:0] at;`,
        reset: 'l = 0; at = 0; for (j = 0; j < 4; j = j + 1) q[j] = 0;',
        step: 'doPush = push && l < 4; doPop = pop && l > 0; if (doPush) q[(at + l) % 4] = d; if (doPop) at = at + 1; l = l + doPush - doPop;',
      },
      expect: { head: 'q[at]', empty: '(l == 0)', full: '(l == 4)', level: 'l[2:0]' },
    };
  },
  pwm: (random) => {
    const w = random.between(3, 5);
    return {
      inputs: [port('duty', w)],
      outputs: [port('out'), port('start'), port('ramp', w)],
      body: `reg [${w - 1}:0] c;\n  ${onClock('if (!rst_n) c <= 0; else c <= c + 1;')}`,
      drives: { out: 'c < duty', start: 'c == 0', ramp: 'c' },
      model: { declare: `reg [${w - 1}:0] m;`, reset: 'm = 0;', step: 'm = m + 1;' },
      expect: { out: '(duty > m)', start: '(m === 0)', ramp: 'm' },
    };
  },
  votes: (random) => {
    const n = random.between(3, 7);
    return {
      inputs: [port('v', n)],
      outputs: [port('ones', 4), port('most'), port('all'), port('even')],
      body: `reg [3:0] c; integer k;\n  initial c = 0;\n  always @* begin c = 0; for (k = 0; k < ${n}; k = k + 1) c = c + v[k]; end`,
      drives: { ones: 'c', most: `c > ${Math.floor(n / 2)}`, all: '&v', even: '~^v' },
      model: {
        declare: 'integer m, k;',
        reset: '',
        step: '',
        comb: `m = 0; for (k = 0; k < ${n}; k = k + 1) if (v[k]) m = m + 1;`,
      },
      expect: { ones: 'm[3:0]', most: `(2 * m > ${n})`, all: `(m == ${n})`, even: '(m % 2 == 0)' },
    };
  },
};

export const TEMPLATE_NAMES = Object.keys(TEMPLATES);

const range = ({ width }: Port): string => (width === 1 ? '' : `[${width - 1}:0] `);

/** The pair of a number: templates take turns, the number decides widths, constants and the style of the source. */
export function pairOf(seed: number, at: number): Pair {
  const name = TEMPLATE_NAMES[at % TEMPLATE_NAMES.length] ?? '';
  const random = new Random(seed * 7919 + at);
  const shape = TEMPLATES[name]?.(random);
  if (shape === undefined) throw new RangeError(`no template ${name}`);
  const top = `${name}_${at}`;
  const style = random.below(3);
  const cycles = random.between(60, 120);
  const key = random.between(1, 2 ** 30);
  return {
    name: `${name} ${seed}/${at}`,
    top,
    outputs: [...shape.outputs, ...(shape.bus ? [shape.bus] : [])].map((one) => one.name),
    rtl: (wrong) => rtlText(top, shape, style, wrong),
    bench: (without) => benchText(top, shape, { cycles, key }, without),
  };
}

function rtlText(top: string, { inputs, outputs, bus, body, drives }: Shape, style: number, wrong?: string): string {
  const driven = (one: string): string => (one === wrong ? `~(${drives[one] ?? ''})` : (drives[one] ?? ''));
  const all = [port('clk'), port('rst_n'), ...inputs];
  const pad = bus === undefined ? [] : [`inout wire ${range(bus)}${bus.name}`];
  const drive =
    bus === undefined
      ? ''
      : `  assign ${bus.name} = oe ? ${wrong === bus.name ? '~' : ''}${bus.data} : {${bus.width}{1'bz}};\n`;
  if (style === 0) {
    const list = [...all, ...outputs, ...(bus ? [bus] : [])].map((one) => one.name).join(', ');
    const declared = [
      ...all.map((one) => `  input ${range(one)}${one.name};`),
      ...outputs.map((one) => `  output ${range(one)}${one.name};\n  reg ${range(one)}${one.name};`),
      ...(bus ? [`  inout ${range(bus)}${bus.name};`] : []),
    ].join('\n');
    return `module ${top} (${list});\n${declared}\n  ${body}\n${drive}${outputs.map((one) => `  always @* ${one.name} = ${driven(one.name)};`).join('\n')}\n  initial begin ${outputs.map((one) => `${one.name} = ${driven(one.name)};`).join(' ')} end\nendmodule\n`;
  }
  const header = [
    ...all.map((one) => `input wire ${range(one)}${one.name}`),
    ...outputs.map((one) => `output wire ${range(one)}${one.name}`),
    ...pad,
  ].join(',\n  ');
  const assigns = outputs.map((one) => `  assign ${one.name} = ${driven(one.name)};`).join('\n');
  const inner = `(\n  ${header}\n);\n  ${body}\n${drive}${assigns}\nendmodule\n`;
  if (style === 1) return `module ${top} ${inner}`;
  const ports = [...all, ...outputs, ...(bus ? [bus] : [])].map((one) => `.${one.name}(${one.name})`).join(', ');
  return `module ${top}_core ${inner}\nmodule ${top} #(parameter UNUSED = 1) (\n  ${header}\n);\n  ${top}_core core (${ports});\nendmodule\n`;
}

function benchText(
  top: string,
  { inputs, outputs, bus, model, expect }: Shape,
  { cycles, key }: { cycles: number; key: number },
  without?: string,
): string {
  const checks = outputs
    .filter((one) => one.name !== without)
    .map(
      (one) =>
        `      want = ${expect[one.name] ?? ''};\n      if (${one.name} !== want[${one.width - 1}:0]) fail("${one.name}");`,
    );
  if (bus !== undefined && without !== bus.name)
    checks.push(`      if (oe && ${bus.name} !== ${bus.data}) fail("${bus.name}");`);
  // without its own check the bus is still heard by what reads it
  const shown = bus !== undefined && without === bus.name ? checks.filter((text) => !text.includes('heard')) : checks;
  const ports = ['clk', 'rst_n', ...[...inputs, ...outputs, ...(bus ? [bus] : [])].map((one) => one.name)];
  return `\`timescale 1ns/1ps
module tb_${top};
  reg clk = 0, rst_n = 0;
${inputs.map((one) => `  reg ${range(one)}${one.name} = 0;`).join('\n')}
${outputs.map((one) => `  wire ${range(one)}${one.name};`).join('\n')}
${bus ? `  reg ${range(bus)}other = 0; wire ${range(bus)}${bus.name};\n  assign ${bus.name} = oe ? {${bus.width}{1'bz}} : other;` : ''}
  integer failures = 0, i; reg [63:0] want; reg [63:0] s = 64'd${key};
  ${model.declare}
  ${top} dut (${ports.map((one) => `.${one}(${one})`).join(', ')});
  always #5 clk = ~clk;
  task fail(input [127:0] name); begin
    failures = failures + 1;
    $display("FAIL signal=%0s time=%0d", name, $time);
  end endtask
  task draw; begin s = s ^ (s << 13); s = s ^ (s >> 7); s = s ^ (s << 17); end endtask
  initial begin
    ${model.reset}
    repeat (2) @(negedge clk);
    rst_n = 1;
    for (i = 0; i < ${cycles}; i = i + 1) begin
${inputs.map((one) => `      draw; ${one.name} = s >> 11;`).join('\n')}
${bus ? '      draw; other = s >> 11;' : ''}
      #1;
      ${model.comb ?? ''}
${shown.join('\n')}
      @(posedge clk);
      ${model.step}
      @(negedge clk);
    end
    if (failures == 0) $display("PASS");
    $finish;
  end
endmodule
`;
}
