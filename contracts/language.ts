// Language features of (System)Verilog and VHDL sources: what the page asks and what main's syntax index answers. Lines
// and columns count from 1, columns in UTF-16 code units, as the editor counts them.
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
  'udp',
  'checker',
  'property',
  'sequence',
  'covergroup',
  'clocking',
  'constraint',
  'entity',
  'architecture',
  'configuration',
  'context',
  'component',
  'process',
  'signal',
  'constant',
  'alias',
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

/** What cannot be right in a source whatever surrounds it; the page has the sentences. */
export const SyntaxProblem = z.object({
  /**
   * `unclosed`: nothing closes `name`; `other` is what would, then a comma and what stands there instead, if anything.
   * `unopened`: `name` closes nothing. `semicolon`: none between `name` and `other`. `comma`: one too many.
   * `comma_missing`: one between `name` and `other`. `operand`: nothing behind the operator `name`. `unexpected`:
   * `name` has no place here.
   */
  code: z.enum(['unclosed', 'unopened', 'semicolon', 'comma', 'comma_missing', 'operand', 'unexpected']),
  name: z.string(),
  other: z.string().nullable(),
  line: z.number().int(),
  column: z.number().int(),
  end_column: z.number().int(),
});
export type SyntaxProblem = z.infer<typeof SyntaxProblem>;

/** A thing of the elaborated design in the sources. */
export const DesignPlace = z.object({
  place: CodePlace,
  /** the module that it lies in; of an instance its own module */
  unit: z.string(),
});
export type DesignPlace = z.infer<typeof DesignPlace>;

/** A value of a state register as a decimal number, and what the source calls it. */
export const StateName = z.object({ name: z.string(), value: z.string().regex(/^\d+$/) });
export type StateName = z.infer<typeof StateName>;

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

/** A place with the text that is to stand there. */
export const CodeEdit = CodePlace.extend({ text: z.string() });
export type CodeEdit = z.infer<typeof CodeEdit>;

/** Text in the place of what stands between two places of one document. */
export const CodeReplacement = z.object({
  line: z.number().int(),
  column: z.number().int(),
  end_line: z.number().int(),
  end_column: z.number().int(),
  text: z.string(),
});
export type CodeReplacement = z.infer<typeof CodeReplacement>;

/** The instance at a place and what can be done about its ports without asking anybody. */
export const CodeInstance = z.object({
  module: z.string(),
  name: z.string(),
  /** ports that it neither connects nor leaves open */
  missing: z.array(z.string()),
  /** names on its connections that nobody declares */
  undeclared: z.array(z.string()),
  /** nets whose declaration cannot be told: interfaces, types that are not seen here */
  left: z.array(z.string()),
  /** signals that `connect` declares */
  declares: z.array(z.string()),
  /** connects the missing ports and declares what they need */
  connect: z.array(CodeReplacement),
  /** declares what the present connections need */
  declare: z.array(CodeReplacement),
});
export type CodeInstance = z.infer<typeof CodeInstance>;

/**
 * What speaks against putting a text in at a place. `syntax`: the source would have a fault more; `unknown_name`:
 * `name` is no port or parameter of the instance; `repeated_end`: what it ends is ended already.
 */
export const InsertionFault = z.object({
  reason: z.enum(['syntax', 'unknown_name', 'repeated_end']),
  name: z.string().nullable(),
});
export type InsertionFault = z.infer<typeof InsertionFault>;

/** Headers and declarations that a place of a source depends on, for a model that is to write there. */
export const CodeContext = z.object({
  name: z.string(),
  path: z.string(),
  lines: z.object({ start: z.number().int(), end: z.number().int() }),
  text: z.string(),
});
export type CodeContext = z.infer<typeof CodeContext>;

/** What is being written at the cursor: the ports or parameters of an instance, the arguments of a call. */
export const CodeSignature = z.object({
  /** the module, function or task */
  name: z.string(),
  part: z.enum(['parameters', 'ports', 'arguments']),
  items: z.array(
    z.object({
      name: z.string(),
      detail: z.string(),
      /** connected already, by name or by position */
      given: z.boolean(),
    }),
  ),
  /** index of the item that the cursor is in; null before the first name */
  active: z.number().int().nullable(),
});
export type CodeSignature = z.infer<typeof CodeSignature>;

/**
 * A node of the instance tree. Its children are asked for with `unit` and `blocks`: what an instance holds depends on
 * its module alone.
 */
export const HierarchyNode = z.object({
  name: z.string(),
  kind: z.enum(['top', 'instance', 'block', 'gate']),
  /** the module of an instance, as it is written; of a top its own name */
  of: z.string(),
  language: z.enum(['verilog', 'vhdl']),
  /** where it is instantiated; of a top where it is declared */
  place: CodePlace,
  /** where its module is declared; null: nowhere in the workspace */
  target: CodePlace.nullable(),
  /** parameters with their values as written: what the instance sets, else the default */
  parameters: z.array(z.object({ name: z.string(), value: z.string(), set: z.boolean() })),
  /** its children: those of this unit, inside these generate blocks from the outside in; null: it has none */
  children: z.object({ unit: z.string(), blocks: z.array(z.string()) }).nullable(),
  /** it lies above itself: the tree ends here */
  recursive: z.boolean(),
});
export type HierarchyNode = z.infer<typeof HierarchyNode>;
