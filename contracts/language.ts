// Language features of (System)Verilog sources: what the page asks and what main's syntax index answers. Lines and
// columns count from 1,
// columns in UTF-16 code units, as the editor counts them.
import { z } from 'zod';

export const SymbolKind = z.enum([
  'module',
  'interface',
  'program',
  'package',
  'class',
  'function',
  'task',
  'block',
  'port',
  'parameter',
  'localparam',
  'net',
  'variable',
  'type',
  'enumerator',
  'field',
  'argument',
  'genvar',
  'instance',
  'modport',
  'macro',
]);
export type SymbolKind = z.infer<typeof SymbolKind>;

export const CodePlace = z.object({
  path: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  end_column: z.number().int(),
});
export type CodePlace = z.infer<typeof CodePlace>;

/** A declaration in a file; `parent` is the index of the symbol that it stands in. */
export const OutlineSymbol = z.object({
  name: z.string(),
  kind: SymbolKind,
  /** its declaration on one line */
  detail: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  end_column: z.number().int(),
  /** first and last line of the whole declaration */
  first_line: z.number().int(),
  last_line: z.number().int(),
  parent: z.number().int().nullable(),
});
export type OutlineSymbol = z.infer<typeof OutlineSymbol>;

export const CodeReference = CodePlace.extend({ text: z.string() });
export type CodeReference = z.infer<typeof CodeReference>;

export const CodeCompletion = z.object({
  label: z.string(),
  kind: SymbolKind,
  detail: z.string(),
  /** a snippet of the editor: `${1:text}` are stops */
  insert: z.string(),
});
export type CodeCompletion = z.infer<typeof CodeCompletion>;

/** Asked for one place of one file. */
export const CodePosition = z.object({
  workspace: z.string(),
  path: z.string(),
  line: z.number().int().min(1),
  column: z.number().int().min(1),
});
