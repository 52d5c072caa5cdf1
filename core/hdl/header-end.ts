// Where the header of a design element ends.
import { nextAtDepth } from './brackets.ts';
import { isKeyword, type Token } from './lexer.ts';

/** Index of the `;` behind parameters and ports of the module at `at`, past the packages that it imports; or the end. */
export function headerEnd(tokens: readonly Token[], at: number): number {
  let index = at;
  while (index < tokens.length && !isKeyword(tokens[index], 'import') && !/^[;(#]$/.test(tokens[index]?.text ?? ''))
    index++;
  while (isKeyword(tokens[index], 'import')) index = nextAtDepth(tokens, index, ';') + 1;
  return nextAtDepth(tokens, index, ';');
}
