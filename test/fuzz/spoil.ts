// Spoilt copies of texts that were right: bytes changed, pieces cut out, doubled, exchanged, words of the format thrown
// in.
import fc from 'fast-check';

const WORDS = [
  'Error',
  'error:',
  '%Error-X:',
  '** Error',
  'ERROR: [A 1-2]',
  '*E,CODE',
  ' (a.sv,3|4):',
  'a.sv:3:',
  ':4:',
  '(5)',
  '"a.sv", 3:',
  'FAIL signal=q time=5',
  'PASS',
  '-[',
  ']',
  '[',
  ' File: ',
  ' Line: 3',
  'Time: 3',
  '\n',
  '\n\n',
  '\r\n',
  '\r',
  '\n  ',
  '| ^~~',
  ': ... ',
  'UVM_ERROR',
  ' @ 5:',
  '\x1b[1m',
  '\x1b]0;x',
  'license queued',
  '\0',
  '３',
  '\u0663',
  '\xff\xfe',
  '9'.repeat(400),
  '('.repeat(300),
  ' '.repeat(300),
  '%'.repeat(50),
  '<![CDATA[',
  '&lt;',
  '&#x0;',
  '<testcase',
  '/>',
  '$var',
  '$end',
  '$scope',
  '#1',
  'b10 !',
  'r1e400 #',
  'x"',
].map((word) => Buffer.from(word));

type Change =
  | { readonly kind: 'byte'; readonly at: number; readonly value: number }
  | { readonly kind: 'word'; readonly at: number; readonly word: number; readonly times: number }
  | { readonly kind: 'cut'; readonly at: number; readonly length: number }
  | { readonly kind: 'copy'; readonly at: number; readonly length: number; readonly to: number };

const at = fc.nat(8_000);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at, value: fc.nat(255) }),
  fc.record({
    kind: fc.constant('word' as const),
    at,
    word: fc.nat(WORDS.length - 1),
    times: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(500) }),
  }),
  fc.record({ kind: fc.constant('cut' as const), at, length: fc.nat(200) }),
  fc.record({ kind: fc.constant('copy' as const), at, length: fc.nat(300), to: at }),
);

/** At most a few hundred kilobytes. */
export function spoilt(originals: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(fc.nat(Math.max(0, originals.length - 1)), fc.array(change, { maxLength: 12 }))
    .map(([which, changes]) => changes.reduce(apply, Buffer.from(originals[which] ?? [])));
}

function apply(text: Buffer, one: Change): Buffer {
  const place = text.length === 0 ? 0 : one.at % (text.length + 1);
  const [before, after] = [text.subarray(0, place), text.subarray(place)];
  switch (one.kind) {
    case 'byte':
      return Buffer.concat([before, Buffer.from([one.value]), after.subarray(1)]);
    case 'word':
      return Buffer.concat([
        before,
        ...Array.from({ length: one.times }, () => WORDS[one.word] ?? Buffer.alloc(0)),
        after,
      ]);
    case 'cut':
      return Buffer.concat([before, after.subarray(one.length)]);
    case 'copy': {
      const to = text.length === 0 ? 0 : one.to % (text.length + 1);
      return Buffer.concat([text.subarray(0, to), after.subarray(0, one.length), text.subarray(to)]);
    }
  }
}
