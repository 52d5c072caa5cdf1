// Words and punctuation of Verilog with their lines; comments, strings, numbers and directives are passed over. Linear.

export interface Token {
  readonly text: string;
  /** from 1 */
  readonly line: number;
  /** an identifier or keyword */
  readonly word: boolean;
}

const SCANNER =
  /\n|\/\/[^\n]*|\/\*|"(?:[^"\\\n]|\\[^\n])*"?|`[A-Za-z_]\w*|\d+[ \t]{0,8}'[sS]?[bodhBODH][ \t]{0,8}[0-9a-fA-FxXzZ_?]+|'[sS]?[bodhBODH][0-9a-fA-FxXzZ_?]+|\d[\w.]*|[A-Za-z_][\w$]*|\\[^\s]+|<=|>=|==|!=|::|[^\s\w]/g;

export function scanTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  SCANNER.lastIndex = 0;
  for (let found = SCANNER.exec(text); found !== null; found = SCANNER.exec(text)) {
    const [piece] = found;
    if (piece === '\n') {
      line += 1;
    } else if (piece === '/*') {
      const end = text.indexOf('*/', SCANNER.lastIndex);
      const stop = end < 0 ? text.length : end + 2;
      line += linesBetween(text, SCANNER.lastIndex, stop);
      SCANNER.lastIndex = stop;
    } else if (/^[A-Za-z_\\]/.test(piece)) {
      tokens.push({ text: piece.startsWith('\\') ? piece.slice(1) : piece, line, word: true });
    } else if (!/^(?:\/\/|"|`|\d|')/.test(piece) || piece === "'") {
      tokens.push({ text: piece, line, word: false });
    } else {
      line += linesBetween(piece, 0, piece.length);
    }
  }
  return tokens;
}

function linesBetween(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
