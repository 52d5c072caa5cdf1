// Values of a waveform as people read them. Binary digits in (with x and z), text in the chosen radix out; exact at any
// width.

export const RADIXES = ['hex', 'unsigned', 'signed', 'binary', 'octal', 'ascii', 'names'] as const;
export type Radix = (typeof RADIXES)[number];

/** Digits of one group of bits: a mix of known and unknown bits is X or Z in capitals, all unknown is x or z. */
function digit(bits: string, base: number): string {
  if (/^x+$/.test(bits)) return 'x';
  if (/^z+$/.test(bits)) return 'z';
  if (bits.includes('x')) return 'X';
  if (bits.includes('z')) return 'Z';
  return Number.parseInt(bits, 2).toString(base);
}

function grouped(value: string, bits: number, base: number): string {
  const lead = value.length % bits;
  let text = lead === 0 ? '' : digit(value.slice(0, lead), base);
  for (let at = lead; at < value.length; at += bits) text += digit(value.slice(at, at + bits), base);
  return text;
}

/** `value` as the wave index gives it; reals and strings pass through. */
export function formatValue(value: string, radix: Radix): string {
  if (!/^[01xz]+$/.test(value)) return value;
  if (value.length === 1) return value;
  switch (radix) {
    case 'binary':
      return value;
    // what has no name
    case 'names':
    case 'hex':
      return grouped(value, 4, 16);
    case 'octal':
      return grouped(value, 3, 8);
    case 'unsigned':
    case 'signed': {
      if (/[xz]/.test(value)) return grouped(value, 4, 16);
      const number = BigInt(`0b${value}`);
      return (radix === 'signed' && value.startsWith('1') ? number - (1n << BigInt(value.length)) : number).toString();
    }
    case 'ascii': {
      if (/[xz]/.test(value)) return grouped(value, 4, 16);
      const padded = value.padStart(Math.ceil(value.length / 8) * 8, '0');
      let text = '';
      for (let at = 0; at < padded.length; at += 8) {
        const code = Number.parseInt(padded.slice(at, at + 8), 2);
        if (code !== 0 || text !== '') text += code >= 32 && code < 127 ? String.fromCharCode(code) : '·';
      }
      return text;
    }
  }
}
