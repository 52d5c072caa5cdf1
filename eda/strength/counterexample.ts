// What ABC found where a proof fails: the value of every input in every cycle from the reset on, up to the one in which
// the two designs differ. Read from its AIGER witness and from the names that Yosys wrote beside the AIGER file.

/** Values of inputs by name, as binary digits, the highest bit first. */
export type Frame = Readonly<Record<string, string>>;

/** Longer ones help nobody. */
const MAX_FRAMES = 20_000;

/**
 * `map`: `input <index> <bit> <name>` lines of Yosys' `write_aiger -map`. `witness`: of ABC's `write_cex -a`, the
 * registers in the first line, then one line of input values for each cycle. Null when it is none.
 */
export function readCounterexample(map: string, witness: string): readonly Frame[] | null {
  const bits: { readonly index: number; readonly bit: number; readonly name: string }[] = [];
  for (const [, index, bit, name] of map.matchAll(/^input (\d+) (\d+) (\S+)$/gm))
    bits.push({ index: Number(index), bit: Number(bit), name: name ?? '' });
  const widths = new Map<string, number>();
  for (const { name, bit } of bits) widths.set(name, Math.max(widths.get(name) ?? 0, bit + 1));
  const lines = witness.split('\n').map((line) => line.replace(/#.*/, '').trim());
  const frames = lines.slice(1).filter((line) => /^[01]+$/.test(line));
  if (frames.length === 0 || frames.length > MAX_FRAMES || bits.length === 0) return null;
  return frames.map((line) => {
    const frame: Record<string, string> = {};
    for (const [name, width] of widths) frame[name] = '0'.repeat(width);
    for (const { index, bit, name } of bits) {
      const digits = [...(frame[name] ?? '')];
      digits[digits.length - 1 - bit] = line[index] === '1' ? '1' : '0';
      frame[name] = digits.join('');
    }
    return frame;
  });
}
