// Calls of the page: language features of open documents.
import { z } from 'zod';
import { CodeCompletion, CodePlace, CodePosition, CodeReference, OutlineSymbol } from '../language.ts';
import { call, None } from './call.ts';

export const LANGUAGE_CALLS = {
  /** the text of an open document that differs from the disk; null: the disk's text holds again */
  'language.update': call(
    z.object({ workspace: z.string(), path: z.string(), text: z.string().max(4_000_000).nullable() }),
    None,
  ),
  'language.outline': call(
    z.object({ workspace: z.string(), path: z.string() }),
    z.object({ symbols: z.array(OutlineSymbol), folds: z.array(z.tuple([z.number().int(), z.number().int()])) }),
  ),
  'language.definition': call(CodePosition, z.object({ places: z.array(CodePlace) })),
  /** every use in the workspace, the declaration among them; `truncated` when there are more than 2,000 */
  'language.references': call(
    CodePosition,
    z.object({ name: z.string(), references: z.array(CodeReference), truncated: z.boolean() }),
  ),
  'language.hover': call(CodePosition, z.object({ code: z.string().nullable(), place: CodePlace.nullable() })),
  'language.completion': call(CodePosition, z.object({ items: z.array(CodeCompletion) })),
  /** modules, interfaces, packages and classes of the workspace by name */
  'language.symbols': call(
    z.object({ workspace: z.string(), query: z.string().max(200) }),
    z.object({ symbols: z.array(OutlineSymbol.extend({ path: z.string() })) }),
  ),
} as const;
