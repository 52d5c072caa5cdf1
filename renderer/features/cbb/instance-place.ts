// Where an instance may stand: inside a module's body, after its header and declarations. Pure, by the words of the
// text.
import { headerEnd } from '@genrtl/core/hdl/header-end.ts';
import { codeOf, isKeyword, isWord } from '@genrtl/core/hdl/lexer.ts';

interface Body {
  /** line of the header's `;`, from 1 */
  readonly headerEnds: number;
  /** line of `endmodule` */
  readonly ends: number;
  readonly names: ReadonlySet<string>;
}

function bodiesOf(text: string): Body[] {
  const tokens = codeOf(text);
  const bodies: Body[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    if (!isKeyword(tokens[at], 'module') && !isKeyword(tokens[at], 'macromodule')) continue;
    const header = tokens[headerEnd(tokens, at)];
    const end = tokens.findIndex((token, index) => index > at && isKeyword(token, 'endmodule'));
    const last = tokens[end];
    if (header === undefined || last === undefined) break;
    const names = new Set(tokens.slice(at, end).flatMap((token) => (isWord(token) ? [token.text] : [])));
    if (header.start < last.start) bodies.push({ headerEnds: header.line, ends: last.line, names });
    at = end;
  }
  return bodies;
}

export interface InstancePlace {
  /** line from 1; the instance goes before it when `own`, else where the cursor is */
  readonly line: number;
  /** the cursor was in no module's body: the place is the end of the nearest one */
  readonly own: boolean;
  /** every name in the module: what it declares already is among them */
  readonly names: ReadonlySet<string>;
}

/** null when the file holds no module to put an instance into. */
export function instancePlace(text: string, cursorLine: number): InstancePlace | null {
  const bodies = bodiesOf(text);
  const inside = bodies.find(({ headerEnds, ends }) => cursorLine >= headerEnds && cursorLine <= ends);
  if (inside !== undefined && cursorLine > inside.headerEnds)
    return { line: cursorLine, own: false, names: inside.names };
  const nearest = inside ?? bodies.find(({ ends }) => ends >= cursorLine) ?? bodies.at(-1);
  return nearest === undefined ? null : { line: nearest.ends, own: true, names: nearest.names };
}
