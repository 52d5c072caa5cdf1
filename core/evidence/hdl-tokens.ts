// What the scanners of this folder look at: words and punctuation with their lines, nothing else.
import { codeOf, isWord } from '../hdl/lexer.ts';

export interface Token {
  readonly text: string;
  /** from 1 */
  readonly line: number;
  /** an identifier or keyword */
  readonly word: boolean;
}

export function scanTokens(source: string): Token[] {
  return codeOf(source).flatMap((token): Token[] => {
    const word = isWord(token);
    return word || token.kind === 'operator' ? [{ text: token.text, line: token.line, word }] : [];
  });
}
