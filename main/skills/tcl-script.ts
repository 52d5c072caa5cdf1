// Reads a Tcl script as Tcl reads it (man page Tcl(n), rules 1 to 12), without running it: commands, words and what
// does not close. Bodies of control structures are read as scripts too.

export interface TclWord {
  /** as it stands, quotes and braces included */
  readonly text: string;
  readonly line: number;
  readonly kind: 'bare' | 'quoted' | 'braced';
  /** `{*}` stands before it */
  readonly expanded: boolean;
  /** scripts in brackets, at any depth of this word, but not within braces */
  readonly nested: readonly TclCommand[];
}
export interface TclCommand {
  readonly line: number;
  readonly words: readonly TclWord[];
}
export interface TclFault {
  readonly line: number;
  readonly message: string;
}
export interface TclScript {
  /** in order, also those in brackets and in bodies */
  readonly commands: readonly TclCommand[];
  readonly faults: readonly TclFault[];
}

/** Nesting that a script written by people does not reach. */
const MAX_DEPTH = 60;

class Stop extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;
  #line: number;
  #depth = 0;

  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
  }

  /** Commands up to the end, or up to a `]` that closes this level. */
  commands(bracket: boolean): TclCommand[] {
    const found: TclCommand[] = [];
    const opened = this.#line;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Stop(this.#line, 'brackets are nested too deep');
    for (;;) {
      this.#skip(/[\s;]/);
      if (this.#at >= this.#text.length) {
        if (bracket) throw new Stop(opened, 'a [ is not closed');
        break;
      }
      const character = this.#peek();
      if (character === ']' && bracket) {
        this.#take();
        break;
      }
      if (character === '#') this.#comment();
      else found.push(this.#command(bracket));
    }
    this.#depth -= 1;
    return found;
  }

  #peek(ahead = 0): string {
    return this.#text.charAt(this.#at + ahead);
  }

  #take(): string {
    const character = this.#peek();
    this.#at += 1;
    if (character === '\n') this.#line += 1;
    return character;
  }

  #skip(pattern: RegExp): void {
    while (this.#at < this.#text.length) {
      if (this.#peek() === '\\' && this.#peek(1) === '\n') this.#take();
      else if (!pattern.test(this.#peek())) return;
      this.#take();
    }
  }

  #comment(): void {
    while (this.#at < this.#text.length && this.#peek() !== '\n') {
      if (this.#take() === '\\') this.#take();
    }
  }

  #command(bracket: boolean): TclCommand {
    const line = this.#line;
    const words: TclWord[] = [];
    for (;;) {
      this.#skip(/[ \t\f\v\r]/);
      const character = this.#peek();
      if (character === '' || character === '\n' || character === ';' || (character === ']' && bracket)) break;
      words.push(this.#word(bracket));
    }
    return { line, words };
  }

  #word(bracket: boolean): TclWord {
    const expanded = this.#text.startsWith('{*}', this.#at) && /[^\s;]/.test(this.#peek(3));
    if (expanded) this.#at += 3;
    const [start, line] = [this.#at, this.#line];
    const nested: TclCommand[] = [];
    const first = this.#peek();
    const kind = first === '"' ? 'quoted' : first === '{' ? 'braced' : 'bare';
    if (kind === 'braced') this.#braces();
    else if (kind === 'quoted') this.#quotes(nested);
    else
      while (!this.#ends(bracket)) {
        if (this.#peek() === '[') this.#brackets(nested);
        else if (this.#take() === '\\') this.#take();
        else if (this.#text.charAt(this.#at - 1) === '$') this.#variable(nested);
      }
    if (kind !== 'bare' && !this.#ends(bracket))
      throw new Stop(this.#line, `characters follow the closing ${kind === 'quoted' ? 'quote' : 'brace'}`);
    return { text: this.#text.slice(start, this.#at), line, kind, expanded, nested };
  }

  #ends(bracket: boolean): boolean {
    const character = this.#peek();
    if (character === '\\') return this.#peek(1) === '\n';
    return character === '' || /[\s;]/.test(character) || (bracket && character === ']');
  }

  #braces(): void {
    const opened = this.#line;
    let depth = 0;
    do {
      if (this.#at >= this.#text.length) throw new Stop(opened, 'a { is not closed');
      const character = this.#take();
      if (character === '\\') this.#take();
      else if (character === '{') depth += 1;
      else if (character === '}') depth -= 1;
    } while (depth > 0);
  }

  #quotes(nested: TclCommand[]): void {
    const opened = this.#line;
    this.#take();
    while (this.#peek() !== '"') {
      if (this.#at >= this.#text.length) throw new Stop(opened, 'a " is not closed');
      if (this.#peek() === '[') this.#brackets(nested);
      else if (this.#take() === '\\') this.#take();
      else if (this.#text.charAt(this.#at - 1) === '$') this.#variable(nested);
    }
    this.#take();
  }

  #brackets(nested: TclCommand[]): void {
    this.#take();
    nested.push(...this.commands(true));
  }

  /** After the `$`: `{name}`, or a name with an index in parentheses, in which blanks do not end the word. */
  #variable(nested: TclCommand[]): void {
    if (this.#peek() === '{') {
      const opened = this.#line;
      while (this.#peek() !== '}') {
        if (this.#at >= this.#text.length) throw new Stop(opened, 'a ${ is not closed');
        this.#take();
      }
      this.#take();
      return;
    }
    while (/[A-Za-z0-9_:]/.test(this.#peek())) this.#take();
    if (this.#peek() !== '(') return;
    const opened = this.#line;
    while (this.#peek() !== ')') {
      if (this.#at >= this.#text.length) throw new Stop(opened, 'a ( of an array element is not closed');
      if (this.#peek() === '[') this.#brackets(nested);
      else if (this.#take() === '\\') this.#take();
    }
    this.#take();
  }
}

const inner = (word: TclWord): string => word.text.slice(1, -1);

/** `switch … VALUE {PATTERN BODY …}` or `switch … VALUE PATTERN BODY …` */
function switchBodies(words: readonly TclWord[]): readonly TclWord[] {
  const last = words.at(-1);
  const one = last?.kind === 'braced' && words.filter((word) => word.kind === 'braced').length === 1;
  if (last === undefined || !one) return words.slice(3);
  const list = new Reader(inner(last), last.line).commands(false).flatMap((command) => command.words);
  return list.filter((_, index) => index % 2 === 1);
}

/** Words of a command that are scripts of their own, when they stand in braces. */
function bodiesOf({ words }: TclCommand): readonly TclWord[] {
  const name = (words[0]?.text ?? '').replace(/^::/, '');
  const last = words.length - 1;
  const pick = (...at: number[]): TclWord[] => at.flatMap((index) => words[index] ?? []);
  switch (name) {
    case 'if':
      // if C [then] B [elseif C [then] B]… [else] B
      return words.filter((word, index) => {
        const before = words[index - 1]?.text ?? '';
        const condition = index === 1 || before === 'elseif';
        return index > 1 && !condition && word.kind === 'braced';
      });
    case 'while':
      return pick(2);
    case 'for':
      return pick(1, 3, 4);
    case 'foreach':
    case 'foreach_in_collection':
    case 'lmap':
    case 'proc':
      return pick(last);
    case 'catch':
      return pick(1);
    case 'try':
      // try B [on CODE VARS B]… [trap PATTERN VARS B]… [finally B]
      return words.filter(
        (_, index) =>
          index === 1 || words[index - 1]?.text === 'finally' || /^(?:on|trap)$/.test(words[index - 3]?.text ?? ''),
      );
    case 'switch':
      return switchBodies(words);
    case 'dict':
      return words[1]?.text === 'for' ? pick(last) : [];
    case 'namespace':
      return words[1]?.text === 'eval' ? pick(3) : [];
    default:
      return [];
  }
}

/** Reads a script; the first thing that does not close ends the reading of its level, and is a fault. */
export function readTcl(text: string, line = 1, depth = 0): TclScript {
  const commands: TclCommand[] = [];
  const faults: TclFault[] = [];
  const visit = (command: TclCommand): void => {
    commands.push(command);
    for (const word of command.words) for (const each of word.nested) visit(each);
    if (depth >= MAX_DEPTH) return;
    for (const body of closedBodies(command)) {
      if (body.kind !== 'braced') continue;
      const below = readTcl(inner(body), body.line, depth + 1);
      commands.push(...below.commands);
      faults.push(...below.faults);
    }
  };
  const stop = (error: unknown): void => {
    if (!(error instanceof Stop)) throw error;
    faults.push({ line: error.line, message: error.message });
  };
  const closedBodies = (command: TclCommand): readonly TclWord[] => {
    try {
      return bodiesOf(command);
    } catch (error) {
      stop(error);
      return [];
    }
  };
  try {
    for (const command of new Reader(text, line).commands(false)) visit(command);
  } catch (error) {
    stop(error);
  }
  return { commands, faults };
}
