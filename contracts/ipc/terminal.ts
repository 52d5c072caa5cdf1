// Calls of the page: consoles.
import { z } from 'zod';
import { call, None } from './call.ts';

const TerminalId = z.string().max(64);

export const TERMINAL_CALLS = {
  'terminal.open': call(
    z.object({
      workspace: z.string(),
      columns: z.number().int().min(2).max(1000),
      rows: z.number().int().min(1).max(500),
      /** what it is for; the shell's name unless given */
      title: z.string().min(1).max(60).optional(),
    }),
    z.object({ terminal_id: TerminalId, title: z.string() }),
  ),
  'terminal.list': call(
    z.object({ workspace: z.string() }),
    z.object({ terminals: z.array(z.object({ terminal_id: TerminalId, title: z.string() })) }),
  ),
  /** what the terminal printed last, for a page that was reloaded; counts as acknowledged */
  'terminal.attach': call(z.object({ terminal_id: TerminalId }), z.object({ text: z.string() })),
  'terminal.write': call(z.object({ terminal_id: TerminalId, data: z.string().max(1_000_000) }), None),
  'terminal.resize': call(
    z.object({
      terminal_id: TerminalId,
      columns: z.number().int().min(2).max(1000),
      rows: z.number().int().min(1).max(500),
    }),
    None,
  ),
  /** characters that the page has drawn; without it the terminal stops reading from its program */
  'terminal.ack': call(
    z.object({ terminal_id: TerminalId, characters: z.number().int().min(0).max(100_000_000) }),
    None,
  ),
  'terminal.close': call(z.object({ terminal_id: TerminalId }), None),
} as const;
