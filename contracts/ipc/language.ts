// Calls of the page: language features of open documents.
import { z } from 'zod';
import {
  CodeCompletion,
  CodeContext,
  CodeEdit,
  CodeInstance,
  CodePlace,
  CodePosition,
  CodeReference,
  CodeSignature,
  DesignPlace,
  HierarchyNode,
  InsertionFault,
  OutlineSymbol,
  StateName,
  SyntaxProblem,
} from '../language.ts';
import { call, None } from './call.ts';

export const LANGUAGE_CALLS = {
  /** the text of an open document that differs from the disk; null: the disk's text holds again */
  'language.update': call(
    z.object({ workspace: z.string(), path: z.string(), text: z.string().max(4_000_000).nullable() }),
    None,
  ),
  'language.outline': call(
    z.object({ workspace: z.string(), path: z.string() }),
    z.object({
      symbols: z.array(OutlineSymbol),
      folds: z.array(z.tuple([z.number().int(), z.number().int()])),
      /** what cannot be right in the text as it is now */
      problems: z.array(SyntaxProblem),
    }),
  ),
  /** `name`: what stands at the place; null where there is no name */
  'language.definition': call(CodePosition, z.object({ places: z.array(CodePlace), name: z.string().nullable() })),
  /** every use in the workspace, the declaration among them; `truncated` when there are more than 2,000 */
  'language.references': call(
    CodePosition,
    z.object({ name: z.string(), references: z.array(CodeReference), truncated: z.boolean() }),
  ),
  'language.hover': call(CodePosition, z.object({ code: z.string().nullable(), place: CodePlace.nullable() })),
  'language.completion': call(CodePosition, z.object({ items: z.array(CodeCompletion) })),
  /** null where no instance or call is being written */
  'language.signature': call(CodePosition, z.object({ signature: CodeSignature.nullable() })),
  /** null where no instance stands, where its module is unknown, and in VHDL */
  'language.instance': call(CodePosition, z.object({ instance: CodeInstance.nullable() })),
  /** whether a text may be suggested at a place of the document as it is now; null: nothing is known against it */
  'language.judge_insertion': call(
    CodePosition.extend({ text: z.string().max(20_000) }),
    z.object({ against: InsertionFault.nullable() }),
  ),
  /** the unit around a place, the units that it instantiates and the packages that it imports, without bodies */
  'language.context': call(CodePosition, z.object({ items: z.array(CodeContext) })),
  /** declarations of the workspace by name: modules, packages, classes first, then what they declare */
  'language.symbols': call(
    z.object({ workspace: z.string(), query: z.string().max(200) }),
    z.object({ symbols: z.array(OutlineSymbol.extend({ path: z.string() })) }),
  ),
  /**
   * the tops of the workspace (`unit` null), or what a unit instantiates directly below these generate blocks;
   * `above`: units on the way there, so that one that holds itself is told
   */
  'language.hierarchy': call(
    z.object({
      workspace: z.string(),
      unit: z.string().nullable(),
      blocks: z.array(z.string()).max(64),
      above: z.array(z.string()).max(256),
    }),
    z.object({ nodes: z.array(HierarchyNode) }),
  ),
  /** nodes from a top down to the nearest instance of a unit; empty when nobody instantiates it */
  'language.hierarchy_path': call(
    z.object({ workspace: z.string(), unit: z.string() }),
    z.object({ nodes: z.array(HierarchyNode) }),
  ),
  /** sources of things named as simulators name them (`tb`, `dut`, `g[0]`, `u_fifo`, `full`); null: not to be found */
  'language.locate': call(
    z.object({ workspace: z.string(), names: z.array(z.array(z.string()).max(200)).max(500) }),
    z.object({ found: z.array(DesignPlace.nullable()) }),
  ),
  /** what the sources call the values of signals named as simulators name them; null: nothing is known */
  'language.state_names': call(
    z.object({ workspace: z.string(), names: z.array(z.array(z.string()).max(200)).max(500) }),
    z.object({ found: z.array(z.array(StateName).nullable()) }),
  ),
  /**
   * `text` formatted, by Verible where it is installed, else by indentation alone; REQUEST_INVALID for VHDL and for a
   * text that does not parse
   */
  'language.format': call(
    z.object({
      workspace: z.string(),
      path: z.string(),
      text: z.string().max(4_000_000),
      tab_size: z.number().int().min(1).max(16),
      insert_spaces: z.boolean(),
    }),
    z.object({ text: z.string(), by: z.enum(['verible', 'genrtl']) }),
  ),
  /** the name at a place that can be renamed; REQUEST_INVALID says why it cannot */
  'language.rename_at': call(CodePosition, z.object({ name: z.string(), place: CodePlace })),
  /**
   * renames what stands at a place wherever it means the same, in all files or in none. `left`: places where the name
   * stands in a macro's text, which no rename can judge. Refused: REQUEST_INVALID (no name, taken, reserved,
   * ambiguous), WORKSPACE_READ_ONLY (files that may not be written), FILE_CHANGED (unsaved or changed files)
   */
  'language.rename': call(
    CodePosition.extend({ name: z.string().min(1).max(1000) }),
    z.object({
      old_name: z.string(),
      files: z.array(z.string()),
      places: z.number().int(),
      left: z.array(CodeReference),
      undo: z.string(),
    }),
  ),
  /** what 'language.rename' would change; at most 500 places are listed, all are counted. Refused as it is */
  'language.rename_preview': call(
    CodePosition.extend({ name: z.string().min(1).max(1000) }),
    z.object({
      old_name: z.string(),
      files: z.number().int(),
      places: z.number().int(),
      changes: z.array(CodeEdit.extend({ before: z.string() })),
      left: z.array(CodeReference),
    }),
  ),
  /** takes a rename back; FILE_CHANGED when one of its files is not as it left it, NOT_FOUND for an old one */
  'language.undo_rename': call(
    z.object({ workspace: z.string(), undo: z.string() }),
    z.object({ files: z.array(z.string()) }),
  ),
} as const;
