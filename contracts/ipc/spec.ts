// Calls of the page: specifications.
import { z } from 'zod';
import { Diagnostic } from '../diagnostic.ts';
import { ImportNote, SpecSource } from '../spec-import.ts';
import { call } from './call.ts';

export const SPEC_CALLS = {
  /** what would be read from a file; nothing is written */
  'spec.preview': call(
    z.object({ name: z.string(), bytes_base64: z.string() }),
    z.object({
      markdown: z.string(),
      structured: z.boolean(),
      diagnostics: z.array(Diagnostic),
      notes: z.array(ImportNote),
      source: SpecSource,
    }),
  ),
  /** the text of a specification, as read or as the person corrected it, against the rules of structured ones */
  'spec.checkText': call(
    z.object({ name: z.string(), markdown: z.string() }),
    z.object({ structured: z.boolean(), diagnostics: z.array(Diagnostic) }),
  ),
  /** how a file of the workspace would be read as a specification; `path` is relative */
  'spec.check': call(
    z.object({ workspace: z.string(), path: z.string() }),
    z.object({ structured: z.boolean(), diagnostics: z.array(Diagnostic) }),
  ),
  'spec.import': call(
    z.object({ workspace: z.string(), name: z.string(), bytes_base64: z.string() }),
    z.object({ path: z.string(), markdown: z.string(), structured: z.boolean(), diagnostics: z.array(Diagnostic) }),
  ),
} as const;
