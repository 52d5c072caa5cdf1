// A place in the tokens of a SystemRDL file, and what both halves of the parser ask of it.
import type { NoteList } from '../../documents/note-list.ts';
import type { Token } from './lexer.ts';

/** Deepest nesting of components and expressions that is read. */
export const MAX_DEPTH = 150;

/** Where a statement stops making sense; the message is a clause. */
export class SyntaxFault extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

export class TokenCursor {
  protected readonly tokens: readonly Token[];
  protected readonly notes: NoteList;
  protected at = 0;
  protected depth = 0;

  constructor(tokens: readonly Token[], notes: NoteList) {
    this.tokens = tokens;
    this.notes = notes;
  }

  protected get token(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: 'the end of the file', line: 1 };
  }

  protected peek(ahead: number): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  protected is(text: string): boolean {
    return this.token.kind !== 'string' && this.token.text === text;
  }

  protected take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }

  protected expect(text: string): void {
    if (!this.take(text)) this.fail(`${text} is missing before ${this.token.text}`);
  }

  protected fail(message: string): never {
    throw new SyntaxFault(message, this.token.line);
  }

  protected word(what: string): string {
    if (this.token.kind !== 'word') this.fail(`${what} is missing before ${this.token.text}`);
    const { text } = this.token;
    this.at += 1;
    return text;
  }
}
