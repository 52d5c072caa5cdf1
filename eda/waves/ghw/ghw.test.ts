// GHDL's waveforms: what it writes for one design in both forms reads the same, and what only a GHW holds is there.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWaves } from '../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'genrtl-ghw-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DESIGN = `library ieee; use ieee.std_logic_1164.all; use ieee.numeric_std.all;
package p is
  type color is (red, green, blue);
  type rec is record a : std_logic; b : unsigned(3 downto 0); c : integer; end record;
  type mem_t is array (0 to 2) of std_logic_vector(1 downto 0);
  type grid_t is array (0 to 1, 0 to 1) of bit;
end package;
library ieee; use ieee.std_logic_1164.all; use ieee.numeric_std.all;
entity leaf is generic (W : integer := 4); port (clk : in std_logic; q : out unsigned(W-1 downto 0)); end;
architecture rtl of leaf is signal cnt : unsigned(W-1 downto 0) := (others => '0'); begin
  process (clk) begin if rising_edge(clk) then cnt <= cnt + 1; end if; end process;
  q <= cnt;
end;
library ieee; use ieee.std_logic_1164.all; use ieee.numeric_std.all; use work.p.all;
entity tb is end;
architecture sim of tb is
  signal clk : std_logic := '0'; signal q : unsigned(3 downto 0); signal up : bit_vector(0 to 2) := "101";
  signal col : color := red; signal r : rec := ('U', "0000", 0); signal m : mem_t := (others => "ZZ");
  signal g : grid_t; signal i : integer := -5; signal x : real := 1.5; signal b : boolean := false;
  signal t : time := 3 ns; signal s : string(1 to 4) := "ab c";
begin
  gen : for k in 0 to 1 generate
    u : entity work.leaf port map (clk => clk, q => open);
  end generate;
  u0 : entity work.leaf port map (clk => clk, q => q);
  clk <= not clk after 5 ns when now < 60 ns else clk;
  process begin
    wait for 10 ns; col <= green; r.a <= '1'; r.c <= 7; m(1) <= "01"; i <= 2147483647; x <= -2.25; b <= true;
    t <= 1 us; s <= "wxyz"; up <= "010"; g(1, 0) <= '1';
    wait for 10 ns; col <= blue; r.b <= "1010"; m(2)(0) <= 'X'; i <= -2147483648; r.a <= '0', 'H' after 1 ns;
    wait;
  end process;
end;
`;

beforeAll(() => {
  writeFileSync(join(folder, 'd.vhd'), DESIGN);
  const ghdl = (...args: string[]): Buffer => execFileSync('ghdl', args, { cwd: folder });
  ghdl('-a', '--std=08', 'd.vhd');
  ghdl('-e', '--std=08', 'tb');
  ghdl('-r', '--std=08', 'tb', '--wave=d.ghw', '--vcd=d.vcd', '--stop-time=80ns');
});

test('every signal of GHDL’s own VCD reads the same from the GHW', async () => {
  const [ghw, vcd] = [await openWaves(join(folder, 'd.ghw')), await openWaves(join(folder, 'd.vcd'))];
  const names = vcd.signals.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(12);
  const [a, b] = [await ghw.query({ signals: names }), await vcd.query({ signals: names })];
  expect(a.signals).toEqual(b.signals);
  await ghw.close();
  await vcd.close();
});

test('records, enumerations, arrays, texts and physical types, which a VCD of GHDL leaves out', async () => {
  const waves = await openWaves(join(folder, 'd.ghw'));
  expect(waves.notes).toEqual([]);
  const names = ['col', 'r.a', 'r.b', 'm[1]', 'm[2]', 'g[1][0]', 't', 's', 'gen(1).u.cnt'];
  const { signals } = await waves.query({ signals: names, to: { value: '21', unit: 'ns' } });
  expect(
    signals.map(
      ({ name, changes }) => `${name} ${changes.map(([time, value]) => `${time.value} ${value}`).join(', ')}`,
    ),
  ).toEqual([
    'tb.col 0 red, 10000000 green, 20000000 blue',
    'tb.r.a 0 u, 10000000 1, 20000000 0, 21000000 h',
    'tb.r.b 0 0000, 20000000 1010',
    'tb.m[1] 0 zz, 10000000 01',
    'tb.m[2] 0 zz, 20000000 zx',
    'tb.g[1][0] 0 0, 10000000 1',
    'tb.t 0 3 ns, 10000000 1 us',
    'tb.s 0 ab c, 10000000 wxyz',
    'tb.gen(1).u.cnt 0 0000, 5000000 0001, 15000000 0010',
  ]);
  await waves.close();
});

test('a file that was cut anywhere is read as far as it goes, and says so; a damaged one is refused', async () => {
  const whole = readFileSync(join(folder, 'd.ghw'));
  const cut = join(folder, 'cut.ghw');
  let read = 0;
  // behind the values there is only a directory
  for (let bytes = 40; bytes < whole.indexOf('DIR\0'); bytes += 97) {
    writeFileSync(cut, whole.subarray(0, bytes));
    const waves = await openWaves(cut).catch((error: unknown) => error);
    if (waves instanceof Error) expect(waves).toMatchObject({ code: 'USAGE' });
    else {
      const file = waves as Awaited<ReturnType<typeof openWaves>>;
      expect(file.notes).toEqual([{ code: 'cut_off' }]);
      read += 1;
      await file.close();
    }
  }
  expect(read).toBeGreaterThan(3);
  for (let at = 17; at < whole.length; at += 131) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] ?? 0) ^ 0x5a;
    writeFileSync(cut, damaged);
    const waves = await openWaves(cut).catch((error: unknown) => error);
    if (waves instanceof Error) expect(waves).toMatchObject({ code: 'USAGE' });
    else await (waves as Awaited<ReturnType<typeof openWaves>>).close();
  }
});
