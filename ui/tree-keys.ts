// What keys do in a tree that shows its rows as a flat list (ARIA authoring practices, tree view); pure.

export interface TreeKeyRow {
  readonly level: number;
  /** null: it has nothing below it */
  readonly open: boolean | null;
}

/** `go`: to the row of this index; `toggle`: open or close the row; `act`: what a click does. */
export type TreeKeyMove = { readonly go: number } | 'toggle' | 'act' | null;

/** What `key` does from row `at` (-1: none is chosen); null: nothing of the tree's. */
export function treeKeyMove(key: string, rows: readonly TreeKeyRow[], at: number, pageRows: number): TreeKeyMove {
  const row = rows[at];
  const go = (to: number): TreeKeyMove =>
    rows.length === 0 ? null : { go: Math.max(0, Math.min(rows.length - 1, to)) };
  switch (key) {
    case 'ArrowDown':
      return go(at + 1);
    case 'ArrowUp':
      return go(at - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'PageDown':
      return go(at + pageRows);
    case 'PageUp':
      return go(at - pageRows);
    case 'ArrowRight':
      return row === undefined || row.open === null ? null : row.open ? go(at + 1) : 'toggle';
    case 'ArrowLeft': {
      if (row === undefined) return null;
      if (row.open === true) return 'toggle';
      const above = rows.findLastIndex((candidate, index) => index < at && candidate.level < row.level);
      return above === -1 ? null : go(above);
    }
    case 'Enter':
    case ' ':
      return row === undefined ? null : 'act';
    default:
      return null;
  }
}

/** Index of the next name that starts with what was typed, around the end; -1: none. A first letter leaves row `at`. */
export function nameTyped(names: readonly string[], at: number, typed: string): number {
  const wanted = typed.toLowerCase();
  const from = Math.max(0, typed.length === 1 ? at + 1 : at);
  const fits = (name: string): boolean => name.toLowerCase().startsWith(wanted);
  const after = names.findIndex((name, index) => index >= from && fits(name));
  return after === -1 ? names.findIndex(fits) : after;
}
