// Where an instance may stand: inside a module's body, after its header and declarations. Pure, by the words of the
// text.

/** Comments and strings become blanks of the same length, so that places stay. */
function code(text: string): string {
  return text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"/g, (part) => part.replace(/[^\n]/g, ' '));
}

interface Body {
  /** offset after the header's `;` */
  readonly from: number;
  /** offset of `endmodule` */
  readonly to: number;
}

function bodiesOf(text: string): Body[] {
  const bodies: Body[] = [];
  let from: number | null = null;
  let header = -1;
  for (const { 0: word, index } of text.matchAll(/\b(?:macromodule|module|endmodule)\b/g)) {
    if (word !== 'endmodule') {
      header = index;
      from = null;
      let depth = 0;
      for (let at = header; at < text.length && from === null; at += 1) {
        const letter = text[at];
        if (letter === '(') depth += 1;
        else if (letter === ')') depth -= 1;
        else if (letter === ';' && depth === 0) from = at + 1;
      }
    } else if (from !== null) {
      bodies.push({ from, to: index });
      from = null;
    }
  }
  return bodies;
}

export interface InstancePlace {
  /** line from 1; the instance goes before it when `own`, else where the cursor is */
  readonly line: number;
  /** the cursor was in no module's body: the place is the end of the nearest one */
  readonly own: boolean;
  /** code of the module, for what it declares already */
  readonly module: string;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** null when the file holds no module to put an instance into. */
export function instancePlace(text: string, cursorLine: number): InstancePlace | null {
  const plain = code(text);
  const bodies = bodiesOf(plain);
  const inside = bodies.find(
    ({ from, to }) => cursorLine > lineAt(plain, from) - 1 && cursorLine <= lineAt(plain, to) && from <= to,
  );
  const headerEnds = inside === undefined ? 0 : lineAt(plain, inside.from);
  if (inside !== undefined && cursorLine > headerEnds)
    return { line: cursorLine, own: false, module: plain.slice(plain.lastIndexOf('module', inside.from), inside.to) };
  const nearest = inside ?? bodies.find(({ to }) => lineAt(plain, to) >= cursorLine) ?? bodies.at(-1);
  if (nearest === undefined) return null;
  return {
    line: lineAt(plain, nearest.to),
    own: true,
    module: plain.slice(plain.lastIndexOf('module', nearest.from), nearest.to),
  };
}

/** Whether a module's code names it: then it is a port, a net or a variable of it already. */
export const isNamed = (module: string, name: string): boolean =>
  new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`).test(module);
