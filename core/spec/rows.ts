// Reads the tables of a section by header name, whatever the order of their columns.
import type { Findings } from './findings.ts';
import type { Section, Table } from './markdown.ts';

export interface Columns {
  /** the column that makes a table this section's table, e.g. `port` */
  readonly key: string;
  /** columns that must exist */
  readonly required: readonly string[];
  /** required columns whose cells may be blank */
  readonly blank?: readonly string[];
}

/** One row; `broken` rows were reported already and serve only to know the names in them. */
export interface Row {
  readonly line: number;
  readonly broken: boolean;
  /** the trimmed cell, or '' when the column is absent or the cell holds a dash only */
  get(column: string): string;
}

/**
 * All data rows of the sections' tables. Reports SPEC_TABLE for missing columns, blank cells, overlong and stray rows.
 */
export function readRows(sections: readonly Section[], columns: Columns, findings: Findings): Row[] {
  const rows: Row[] = [];
  for (const section of sections) {
    for (const line of section.strayRows) {
      findings.add(
        'SPEC_TABLE',
        line,
        'this row belongs to no table: a header, a line of dashes and the rows must follow one another, with equal columns',
      );
    }
    for (const table of ownTables(section, columns, findings)) rows.push(...tableRows(table, columns, findings));
  }
  return rows;
}

/** Tables with the key column; other tables of the section are explanatory text unless nothing else is there. */
function ownTables(section: Section, columns: Columns, findings: Findings): Table[] {
  const own = section.tables.filter((table) => columnIndex(table).has(columns.key));
  const first = section.tables[0];
  if (own.length === 0 && first) {
    const index = columnIndex(first);
    findings.add(
      'SPEC_TABLE',
      first.line,
      `the table of ${section.heading} lacks ${listColumns(columns.required.filter((name) => !index.has(name)))}`,
    );
  }
  return own;
}

function tableRows(table: Table, columns: Columns, findings: Findings): Row[] {
  const index = columnIndex(table);
  const missing = columns.required.filter((name) => !index.has(name));
  if (missing.length > 0) findings.add('SPEC_TABLE', table.line, `the table lacks ${listColumns(missing)}`);
  const names = headerNames(table);
  const doubled = names.find((name, at) => name !== '' && names.indexOf(name) < at);
  if (doubled !== undefined) findings.add('SPEC_TABLE', table.line, `the table has two columns ${doubled}`);
  const rows: Row[] = [];
  for (const { line, cells, overflow } of table.rows) {
    if (cells.every((cell) => cell === '')) continue;
    const get = (column: string): string => withoutDash(cells[index.get(column) ?? -1] ?? '');
    const blank = columns.required.filter(
      (name) => index.has(name) && get(name) === '' && !columns.blank?.includes(name),
    );
    if (overflow)
      findings.add('SPEC_TABLE', line, 'the row has more cells than the header; write a | inside a cell as \\|');
    else if (blank.length > 0) findings.add('SPEC_TABLE', line, `the row lacks ${listColumns(blank)}`);
    rows.push({ line, get, broken: missing.length > 0 || doubled !== undefined || overflow || blank.length > 0 });
  }
  return rows;
}

/** Authors write a dash where a cell has nothing to say. */
function withoutDash(cell: string): string {
  return cell === '-' || cell === '–' || cell === '—' ? '' : cell;
}

/** By name, and by the name without the unit or remark behind it: `Width (bits)`, `Reset^1`, `Signal*`. */
function columnIndex(table: Table): ReadonlyMap<string, number> {
  const index = new Map<string, number>();
  for (const [at, name] of headerNames(table).entries()) index.set(name, at);
  for (const [at, cell] of table.header.entries()) {
    const short = cell
      .toLowerCase()
      .replace(/(?:\^\(?\w{1,2}\)?|\^?\d\)|\*{1,3}|[†‡])$/, '')
      .replace(/[([（][^()[\]（）]{0,40}[)\]）]|[:：]| in bits$/g, '')
      .replace(/\s+/g, ' ')
      .trim();
    if (!index.has(short)) index.set(short, at);
  }
  return index;
}

function headerNames(table: Table): string[] {
  return table.header.map((cell) =>
    cell
      .toLowerCase()
      .replace(/[()[\]:]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
}

function listColumns(names: readonly string[]): string {
  return `${names.length === 1 ? 'the column' : 'the columns'} ${names.join(', ')}`;
}
