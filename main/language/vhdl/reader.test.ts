// VHDL: what sources declare, and what names mean across files and languages.
import { afterAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { Sources } from '../workspace.fixture.ts';
import { readVhdlSource } from './reader.ts';

function outline(text: string): string[] {
  const { declarations, scopes } = readVhdlSource(text).syntax;
  return declarations.map(({ kind, name, scope, detail }) => {
    let owner: number | null = null;
    for (let at = scope; at > 0 && owner === null; at = scopes[at]?.parent ?? -1) owner = scopes[at]?.owner ?? null;
    return `${kind} ${name}${owner === null ? '' : ` (${declarations[owner]?.name ?? ''})`}: ${detail}`;
  });
}
const names = (text: string): string[] => outline(text).map((line) => line.replace(/: .*$/, ''));

test('entities with generics and ports, components, several names under one type', () => {
  expect(
    outline(`entity E is generic (W : positive := 8; type T; constant D : natural := W * 2);
      port (signal clk, rst : in std_logic; -- the clocks
        q : out std_logic_vector(W - 1 downto 0) := (others => '0'); io : inout unresolved_t bus);
      begin assert W > 0; end entity E;
    architecture rtl of e is
      component sub is generic (N : integer); port (a : in bit); end component sub;
      component old port (b : in bit); end component;
    begin end;`),
  ).toEqual([
    'entity E: entity E',
    'parameter W (E): W : positive := 8',
    'parameter T (E): type T',
    'parameter D (E): D : natural := W * 2',
    'port clk (E): clk : in std_logic',
    'port rst (E): rst : in std_logic',
    "port q (E): q : out std_logic_vector(W - 1 downto 0) := (others => '0')",
    'port io (E): io : inout unresolved_t bus',
    'architecture rtl: architecture rtl of e',
    'component sub (rtl): component sub',
    'parameter N (sub): N : integer',
    'port a (sub): a : in bit',
    'component old (rtl): component old',
    'port b (old): b : in bit',
  ]);
});

test('packages, types, subprograms, protected types, bodies', () => {
  expect(
    names(`package p is
      generic (G : integer);
      type state_t is (IDLE, RUN, 'x');
      type rec_t is record a, b : std_logic; c : work.q.t; end record rec_t;
      type arr_t is array (natural range <>) of rec_t;
      subtype nib_t is resolved std_logic_vector(3 downto 0);
      type volt is range 0 to 10 units uV; mV = 1000 uV; end units;
      type prot_t is protected procedure inc(n : integer := 1); impure function get return integer; end protected;
      constant C, D : integer := 3; alias al is C; attribute keep : string;
      function "+"(a, b : rec_t) return rec_t; pure function f(signal s : in bit) return bit; procedure pr;
      type late_t;
    end package p;
    package body p is
      function f(signal s : in bit) return bit is variable v : bit; begin return s; end function f;
      type prot_t is protected body variable n : integer; procedure inc(n : integer := 1) is begin end procedure; end protected body;
    end package body p;
    package q is new work.p generic map (G => 1);
    context ctx is library ieee; use ieee.std_logic_1164.all; end context ctx;`),
  ).toEqual([
    'package p',
    'parameter G (p)',
    'type state_t (p)',
    'enumerator IDLE (p)',
    'enumerator RUN (p)',
    'type rec_t (p)',
    'field a (rec_t)',
    'field b (rec_t)',
    'field c (rec_t)',
    'type arr_t (p)',
    'type nib_t (p)',
    'type volt (p)',
    'type prot_t (p)',
    'task inc (prot_t)',
    'argument n (inc)',
    'function get (prot_t)',
    'constant C (p)',
    'constant D (p)',
    'alias al (p)',
    'function "+" (p)',
    'argument a ("+")',
    'argument b ("+")',
    'function f (p)',
    'argument s (f)',
    'task pr (p)',
    'type late_t (p)',
    'package p',
    'function f (p)',
    'argument s (f)',
    'variable v (f)',
    'type prot_t (p)',
    'variable n (prot_t)',
    'task inc (prot_t)',
    'argument n (inc)',
    'package q',
    'context ctx',
  ]);
});

test('processes, blocks, generate constructs, loops, instances in all forms', () => {
  expect(
    names(`architecture a of e is
      signal s, t : std_logic; shared variable sv : prot_t; for all : comp use entity work.comp(rtl);
    begin
      s <= t when x = '1' else '0'; with sel select t <= '0' when "00", '1' when others;
      p1 : process (clk) is variable v : integer := 0; begin
        if rising_edge(clk) then lp : for i in 0 to 3 loop v := v + i; exit lp when v > 2; end loop lp;
        elsif v = 1 then case v is when 1 => null; when others => v := 2; end case; else v := 3; end if;
        wait for 10 ns; while v > 0 loop v := v - 1; end loop;
      end process p1;
      process begin wait; end process;
      g : for k in 0 to 1 generate signal inner : bit; begin u_a : entity work.leaf(rtl) port map (a => s, b => open); end generate g;
      h : if W > 1 generate u_b : component comp generic map (N => 2) port map (s, t); else generate u_c : comp; end generate;
      c : case W generate when 1 => u_d : configuration work.cfg port map (a => s); end generate;
      b : block (true) is signal bs : bit; begin end block b;
      call(x); lab : assert false report "x" severity note; postponed process begin wait; end postponed process;
    end architecture a;
    configuration cfg of e is for a for u_b : comp use entity work.comp(rtl); end for; end for; end configuration cfg;`),
  ).toEqual([
    'architecture a',
    'signal s (a)',
    'signal t (a)',
    'variable sv (a)',
    'process p1 (a)',
    'variable v (p1)',
    'block lp (p1)',
    'variable i (lp)',
    'block g (a)',
    'genvar k (g)',
    'signal inner (g)',
    'instance u_a (g)',
    'block h (a)',
    'instance u_b (h)',
    'instance u_c (h)',
    'block c (a)',
    'instance u_d (c)',
    'block b (a)',
    'signal bs (b)',
    'configuration cfg',
  ]);
});

test('what is left open costs no more than itself; extended names, characters and attributes are told apart', () => {
  expect(
    names(
      "entity e is port (a : in bit;\nend;\narchitecture x of e is\n signal s : bit := '1';\nbegin\n u : entity work.f port map (a => s,\nend;\nentity g is end;",
    ),
  ).toEqual(['entity e', 'port a (e)', 'architecture x', 'signal s (x)', 'instance u (x)', 'entity g']);
  expect(
    names(
      "architecture x of e is signal \\a b\\ : t'subtype; constant c : character := ';'; constant d : t := t'('1', ';'); begin end;",
    ),
  ).toEqual(['architecture x', 'signal \\a b\\ (x)', 'constant c (x)', 'constant d (x)']);
});

test('folds and end labels', () => {
  const { folds } = readVhdlSource(
    '-- a\n-- b\nentity e is\n  port (\n    a : in bit\n  );\nend entity e;\narchitecture x of e is\nbegin\n  p : process begin\n    wait;\n  end process p;\nend;\n',
  ).syntax;
  expect(folds.map(([first, last]) => `${first}-${last}`).sort()).toEqual(['1-2', '10-12', '3-7', '4-6', '8-13']);
});

test('any text is read, with places inside it', () => {
  const pieces = fc.constantFrom(
    ...`entity architecture of is begin end process if then else generate for loop case when => ( ) ; : , . ' " -- \n port map generic signal foo bar record type function return package body use all component <= := \\ '1'`.split(
      ' ',
    ),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 80 }), (words) => {
      const text = words.join(' ');
      const { syntax, occurrences } = readVhdlSource(text);
      for (const { at, name } of syntax.declarations) expect(text.slice(at, at + name.length)).toBe(name);
      for (const { offset, name } of occurrences()) expect(text.slice(offset, offset + name.length)).toBe(name);
    }),
    { numRuns: 300 },
  );
  for (const piece of [
    '(',
    'a : ',
    'if x then ',
    'x.',
    'port map (',
    'type t is record ',
    'for i in a loop ',
    'a(b => ',
    'end ',
  ])
    readVhdlSource(piece.repeat(4000)).occurrences();
});

const sources = new Sources({
  'p.vhd': `library ieee; use ieee.std_logic_1164.all;
package p is
  type state_t is (IDLE, RUN);
  type beat_t is record valid : std_logic; data : std_logic_vector(7 downto 0); end record;
  type beats_t is array (0 to 3) of beat_t;
  constant DEPTH : integer := 4;
  function parity(word : std_logic_vector; odd : boolean := false) return std_logic;
end package p;
package body p is
  function parity(word : std_logic_vector; odd : boolean := false) return std_logic is
  begin
    return word(0);
  end function parity;
end package body;
`,
  'fifo.vhd': `library ieee; use ieee.std_logic_1164.all; use work.p.all;
entity fifo is
  generic (WIDTH : positive := 8);
  port (clk : in std_logic; din : in beat_t; full : out std_logic);
end entity fifo;
architecture rtl of fifo is
  signal state : state_t := IDLE;
  signal mem : beats_t;
begin
  full <= mem(0).valid and DIN.valid when STATE = run else parity(word => din.data, odd => true);
  process (Clk) begin
    if rising_edge(clk) then state <= RUN; mem(1) <= (valid => '1', data => din.data); end if;
  end process;
end architecture rtl;
`,
  'top.vhd': `use work.p.all;
entity top is end;
architecture sim of top is
  component fifo is
    generic (WIDTH : positive);
    port (clk : in std_logic; din : in beat_t; full : out std_logic);
  end component;
  signal clk, full : std_logic;
  signal b : work.p.beat_t;
  signal dummy_s : integer := WORK.P.depth;
begin
  u_a : entity work.FIFO(rtl) generic map (width => 4) port map (Clk => clk, din => b, full => full);
  u_b : fifo generic map (5) port map (clk => clk, din => b, full => open);
  u_v : entity work.mixed port map (d => clk);
end;
`,
  'ctx.vhd': `context base is library work; use work.p.all; end context base;
context all_of_it is
  context work.base;
end context;
`,
  'user.vhd': `library work; context work.all_of_it;
entity user is port (d : in beat_t); end;
architecture a of user is signal s : state_t := IDLE; constant c : integer := DEPTH; begin end;
`,
  'mixed.sv': `module Mixed #(parameter int N = 1) (input logic d);
  fifo #(.WIDTH(N)) u_fifo (.clk(d), .din(), .full());
endmodule
`,
});
afterAll(() => sources.remove());

describe('definitions', () => {
  test.each([
    ['an enumerator in any letter case', 'fifo.vhd', 'STATE = r|un', 'p.vhd:3'],
    ['a signal in any letter case', 'fifo.vhd', 'when STA|TE', 'fifo.vhd:7'],
    ['a port of the entity from its architecture', 'fifo.vhd', 'process (Cl|k)', 'fifo.vhd:4'],
    ['a field of an array’s element', 'fifo.vhd', 'mem(0).va|lid', 'p.vhd:4'],
    ['a field of a port', 'fifo.vhd', 'DIN.va|lid', 'p.vhd:4'],
    ['a key of an aggregate', 'fifo.vhd', "(va|lid => '1'", 'p.vhd:4'],
    ['an argument by name', 'fifo.vhd', 'od|d => true', 'p.vhd:7'],
    [
      'a function from its body',
      'p.vhd',
      'function par|ity(word : std_logic_vector; odd : boolean := false) return std_logic is',
      'p.vhd:7',
    ],
    ['a formal of an entity', 'top.vhd', 'port map (Cl|k =>', 'fifo.vhd:4'],
    ['a generic', 'top.vhd', 'map (wi|dth', 'fifo.vhd:3'],
    ['an actual', 'top.vhd', 'Clk => cl|k', 'top.vhd:8'],
    ['an entity behind its library', 'top.vhd', 'work.FI|FO', 'fifo.vhd:2'],
    ['an architecture', 'top.vhd', 'FIFO(rt|l)', 'fifo.vhd:6'],
    ['a component leads to its entity', 'top.vhd', 'u_b : fi|fo', 'fifo.vhd:2'],
    ['a component’s port is the entity’s', 'top.vhd', 'port (cl|k : in', 'fifo.vhd:4'],
    ['a selected name', 'top.vhd', 'WORK.P.de|pth', 'p.vhd:6'],
    ['a type behind library and package', 'top.vhd', 'work.p.be|at_t', 'p.vhd:4'],
    ['the entity of an architecture', 'fifo.vhd', 'rtl of fi|fo', 'fifo.vhd:2'],
    ['the name at an end', 'p.vhd', 'end package p|', 'p.vhd:2'],
    ['a Verilog module from VHDL', 'top.vhd', 'work.mi|xed', 'mixed.sv:1'],
    ['a Verilog port from VHDL', 'top.vhd', '(d| => clk', 'mixed.sv:1'],
    ['a context', 'user.vhd', 'work.all_|of_it', 'ctx.vhd:2'],
    ['a type that a context of a context uses', 'user.vhd', 'd : in beat|_t', 'p.vhd:4'],
    ['an enumerator through contexts', 'user.vhd', ':= ID|LE', 'p.vhd:3'],
    ['an entity from Verilog', 'mixed.sv', 'fi|fo #', 'fifo.vhd:2'],
    ['a generic from Verilog', 'mixed.sv', '.WI|DTH', 'fifo.vhd:3'],
  ] as const)('%s', async (_name, file, marked, place) => expect(await sources.definition(file, marked)).toBe(place));
});

test('references and rename: any letter case, components with their entities, both languages', async () => {
  expect(await sources.references('fifo.vhd', 'port (cl|k')).toEqual([
    'fifo.vhd:4',
    'fifo.vhd:11',
    'fifo.vhd:12',
    'mixed.sv:2',
    'top.vhd:6',
    'top.vhd:12',
    'top.vhd:13',
  ]);
  const changed = await sources.renamed('fifo.vhd', 'port (cl|k', 'clock');
  expect(changed['fifo.vhd']).toMatch(/port \(clock : in[^]*process \(clock\)[^]*rising_edge\(clock\)/);
  expect(changed['top.vhd']).toMatch(
    /port \(clock : in[^]*signal clk, full[^]*map \(clock => clk,[^]*\(clock => clk, din/,
  );
  expect(changed['mixed.sv']).toContain('.clock(d)');
  expect((await sources.renamed('p.vhd', 'function par|ity', 'even'))['p.vhd']).toMatch(
    /function even\([^]*function even\([^]*end function even;/,
  );
  await expect(sources.renamed('fifo.vhd', 'signal sta|te', 'MEM')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  await expect(sources.renamed('fifo.vhd', 'signal sta|te', 'Process')).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
  });
});

test('hover, hierarchy and symbols of both languages', async () => {
  const { code } = await sources.service.hover(sources.root, sources.at('top.vhd', 'u_b : fi|fo'));
  expect(code).toBe(
    'entity fifo is\n  generic (\n    WIDTH : positive := 8\n  );\n  port (\n    clk : in std_logic;\n    din : in beat_t;\n    full : out std_logic\n  );\nend;',
  );
  const tops = await sources.service.hierarchy(sources.root, null, [], []);
  expect(tops.map(({ name, language }) => `${name} ${language}`)).toEqual(['top vhdl', 'user vhdl']);
  const below = await sources.service.hierarchy(sources.root, 'top', [], []);
  expect(
    below.map(
      ({ name, of, parameters }) => `${name} ${of} ${parameters.map((one) => `${one.name}=${one.value}`).join()}`,
    ),
  ).toEqual(['u_a FIFO WIDTH=4', 'u_b fifo WIDTH=5', 'u_v mixed N=1']);
  const mixed = await sources.service.hierarchy(sources.root, 'mixed', [], []);
  expect(mixed.map(({ name, target }) => `${name} ${target?.path ?? ''}`)).toEqual(['u_fifo fifo.vhd']);
});

describe('completion and signatures', () => {
  const typed = async (text: string): Promise<{ labels: string[]; inserts: string[]; signature: string | null }> => {
    await sources.service.update(sources.root, 'typed.vhd', text);
    const lines = text.split('\n');
    const at = { path: 'typed.vhd', line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
    const items = await sources.service.completion(sources.root, at);
    const signature = await sources.service.signature(sources.root, at);
    await sources.service.update(sources.root, 'typed.vhd', null);
    return {
      labels: items.map(({ label }) => label),
      inserts: items.map(({ insert }) => insert),
      signature:
        signature === null
          ? null
          : `${signature.part} ${signature.items.map(({ name, given }) => `${name}${given ? '+' : ''}`).join(' ')}`,
    };
  };
  test('formals that are not connected yet', async () => {
    const found = await typed('architecture a of top is begin\n u : entity work.fifo port map (clk => c, ');
    expect(found).toEqual({
      labels: ['din', 'full'],
      inserts: ['din => ${1:din}', 'full => ${1:full}'],
      signature: 'ports clk+ din full',
    });
    expect((await typed('architecture a of top is begin\n u : entity work.fifo generic map (')).labels).toEqual([
      'WIDTH',
    ]);
  });
  test('fields, names in sight, whole instantiations', async () => {
    expect((await typed('use work.p.all; architecture a of top is signal b : beat_t; begin\n x <= b.')).labels).toEqual(
      ['valid', 'data'],
    );
    const begun = await typed('architecture a of top is signal here : bit; begin\n ');
    expect(begun.labels).toEqual(expect.arrayContaining(['here', 'fifo', 'Mixed']));
    expect(begun.inserts).toContain(
      '${1:u_fifo} : entity work.fifo\n\tgeneric map (\n\t\tWIDTH => ${2:8}\n\t)\n\tport map (\n\t\tclk => ${3:clk},\n\t\tdin => ${4:din},\n\t\tfull => ${5:full}\n\t);',
    );
    expect((await typed('architecture a of top is begin -- fi')).labels).toEqual([]);
  });
});
