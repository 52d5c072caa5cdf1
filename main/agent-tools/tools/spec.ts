// spec_read: a specification of any kind that genRTL takes, as the Markdown that a job would start from.
import { z } from 'zod';
import { ImportNote, SPEC_EXTENSIONS } from '@genrtl/contracts';
import { importSpecFile } from '../../workspace/spec-import.ts';
import { defineTool } from '../define-tool.ts';

export const specRead = defineTool({
  name: 'spec_read',
  title: 'Read a specification',
  readOnly: true,
  description: `A specification (${SPEC_EXTENSIONS.join(' ')}) as Markdown with its tables, in windows of lines, and what could not be read of it.`,
  input: z.strictObject({
    file: z.string().min(1).max(4096),
    from_line: z.number().int().min(1).default(1),
    lines: z.number().int().min(1).max(1000).default(300),
  }),
  output: {
    name: z.string(),
    lines_total: z.number().int(),
    from_line: z.number().int(),
    markdown: z.string(),
    notes: z.array(ImportNote),
  },
  work: async (args, { context }) => {
    const file = await context.roots.resolve(args.file);
    const { name, markdown, notes } = await importSpecFile(file);
    const lines = markdown.split('\n');
    return {
      data: {
        name,
        lines_total: lines.length,
        from_line: args.from_line,
        markdown: lines.slice(args.from_line - 1, args.from_line - 1 + args.lines).join('\n'),
        notes: [...notes],
      },
      evidence: [context.roots.cite(file)],
    };
  },
});
