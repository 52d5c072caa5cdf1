// Symbol fonts keep pictures at letter codes (U+F020 to U+F0FF). What specifications use of them, as real characters.

/** Adobe's Symbol encoding from 0x61: Greek, then the operators of data sheets. */
const SYMBOL: ReadonlyMap<number, string> = new Map([
  ...[...'αβχδεφγηιϕκλμνοπθρστυϖωξψζ'].map((letter, at): [number, string] => [0x61 + at, letter]),
  ...[...'ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ'].map((letter, at): [number, string] => [0x41 + at, letter]),
  ...(
    [
      [0xa3, '≤'],
      [0xb3, '≥'],
      [0xb9, '≠'],
      [0xbb, '≈'],
      [0xba, '≡'],
      [0xb1, '±'],
      [0xb4, '×'],
      [0xb8, '÷'],
      [0xb7, '•'],
      [0xae, '→'],
      [0xac, '←'],
      [0xad, '↑'],
      [0xaf, '↓'],
      [0xab, '↔'],
      [0xa5, '∞'],
      [0xd7, '⋅'],
      [0xe5, '∑'],
      [0xd6, '√'],
      [0xb0, '°'],
      [0x57, 'Ω'],
      [0x6d, 'μ'],
      [0x2d, '-'],
      [0x3d, '='],
      [0x2b, '+'],
      [0x28, '('],
      [0x29, ')'],
      [0x5b, '['],
      [0x5d, ']'],
      [0xd8, '¬'],
      [0xd9, '∧'],
      [0xda, '∨'],
      [0xc5, '⊕'],
    ] as const
  ).map(([code, letter]): [number, string] => [code, letter]),
  ...[...'0123456789'].map((digit): [number, string] => [digit.charCodeAt(0), digit]),
]);
const WINGDINGS: ReadonlyMap<number, string> = new Map([
  [0xfc, '✓'],
  [0xfb, '✗'],
  [0xfe, '☑'],
  [0xfd, '☒'],
  [0xa8, '☐'],
  [0x6f, '☐'],
  [0xe0, '→'],
  [0xdf, '←'],
  [0xe8, '→'],
  [0xf0, '⇒'],
  [0x6c, '•'],
  [0x6e, '•'],
  [0xa7, '•'],
  [0x76, '•'],
  [0xd8, '•'],
  [0x4a, '☺'],
]);

/** Undefined where the font's sign at that code has no letter here. */
export function symbolCharacter(font: string, code: number): string | undefined {
  const at = code >= 0xf000 && code <= 0xf0ff ? code - 0xf000 : code;
  if (/wingdings/i.test(font)) return WINGDINGS.get(at);
  if (/symbol/i.test(font)) return SYMBOL.get(at);
  // any other font has its letters at their own codes
  return code < 0xe000 || code > 0xf8ff ? String.fromCodePoint(code) : undefined;
}
