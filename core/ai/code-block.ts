// Code blocks of answers: which modules they hold, which files a diff in them names, and a source with its modules in
// the place of those of the same name.

/** Comments and strings become blanks of the same length, so that places stay. */
const code = (text: string): string =>
  text.replace(/\/\/[^\n]*|\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"/g, (part) => part.replace(/[^\n]/g, ' '));

interface Unit {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const WORDS =
  /\b(?:(module|macromodule|interface|package|program)\s+(?:automatic\s+|static\s+)?([A-Za-z_][\w$]*)|(endmodule|endinterface|endpackage|endprogram)(?:[ \t]*:[ \t]*[\w$]+)?)/g;

/** Whole units at the outermost level, in order. */
function unitsIn(text: string): Unit[] {
  const units: Unit[] = [];
  let open: { name: string; from: number } | null = null;
  let depth = 0;
  for (const match of code(text).matchAll(WORDS)) {
    if (match[3] === undefined) {
      // `virtual interface x` and `import package`-like uses declare nothing
      if (match[1] === 'interface' && /\bvirtual\s+$/.test(text.slice(Math.max(0, match.index - 40), match.index)))
        continue;
      if (depth === 0) open = { name: match[2] ?? '', from: match.index };
      depth += 1;
    } else if (depth > 0) {
      depth -= 1;
      if (depth === 0 && open !== null) units.push({ ...open, to: match.index + match[0].length });
    }
  }
  return units;
}

export const moduleNamesIn = (text: string): string[] => [...new Set(unitsIn(text).map((unit) => unit.name))];

/** Null when one of them stands in either text not exactly once. */
export function withModules(before: string, block: string, names: readonly string[]): string | null {
  const given = unitsIn(block);
  let after = before;
  for (const name of names) {
    const [mine, ...more] = given.filter((unit) => unit.name === name);
    const [old, ...others] = unitsIn(after).filter((unit) => unit.name === name);
    if (mine === undefined || old === undefined || more.length + others.length > 0) return null;
    const text = block.slice(mine.from, mine.to);
    after =
      after.slice(0, old.from) +
      (before.includes('\r\n') ? text.replace(/\r?\n/g, '\r\n') : text) +
      after.slice(old.to);
  }
  return after;
}

/** Paths in the headers of a diff. */
export function filesNamedIn(diff: string): string[] {
  const names = [...diff.matchAll(/^(?:---|\+\+\+) ([^\t\n]{1,1024})/gm)].map((match) =>
    (match[1] ?? '').trim().replace(/^[ab]\//, ''),
  );
  return [...new Set(names)].filter((name) => name !== '/dev/null');
}
