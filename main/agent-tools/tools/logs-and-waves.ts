// diagnose, waves_signals and waves_query: logs and waveforms that exist already.
import { z } from 'zod';
import { Diagnostic, TimeValue, ToolId } from '@genrtl/contracts';
import { parseLogs } from '@genrtl/eda/parse.ts';
import { waveNoteText } from '@genrtl/eda/waves/index.ts';
import { listWaveSignals, queryWaves } from '../../workspace/wave-query.ts';
import { defineTool } from '../define-tool.ts';

const FilePath = z.string().min(1).max(4096);
/** Changes of one signal in one answer; a narrower window shows the rest. */
const MAX_CHANGES = 400;

export const diagnose = defineTool({
  name: 'diagnose',
  title: 'Parse tool logs',
  readOnly: true,
  description: 'Logs of an EDA tool as findings with file, line and code; errors first.',
  input: z.strictObject({
    tool: ToolId,
    logs: z.array(FilePath).min(1).max(20),
    limit: z.number().int().min(1).max(500).default(100),
  }),
  output: {
    counts: z.object({ error: z.number().int(), warning: z.number().int(), info: z.number().int() }),
    diagnostics: z.array(Diagnostic),
  },
  work: async (args, { context }) => {
    const files = await Promise.all(args.logs.map((log) => context.roots.resolve(log)));
    const { diagnostics, counts } = await parseLogs(
      args.tool,
      files.map((file) => ({ file })),
      context.roots.cwd,
    );
    const rank = { error: 0, warning: 1, info: 2 } as const;
    const sorted = [...diagnostics].sort((a, b) => rank[a.severity] - rank[b.severity]);
    return {
      data: {
        counts: { error: counts.error, warning: counts.warning, info: counts.info },
        diagnostics: sorted.slice(0, args.limit),
      },
      evidence: files.map((file) => context.roots.cite(file)),
    };
  },
});

export const wavesSignals = defineTool({
  name: 'waves_signals',
  title: 'List a waveform’s signals',
  readOnly: true,
  description: 'Names, widths and kinds of the signals in a VCD, FST or GHW file, and the time that it covers.',
  input: z.strictObject({
    file: FilePath,
    contains: z.string().max(500).default('').describe('only names that contain this, letter case apart'),
    limit: z.number().int().min(1).max(1000).default(200),
  }),
  output: {
    total: z.number().int(),
    matching: z.number().int(),
    signals: z.array(z.object({ name: z.string(), width: z.number().int(), type: z.string() })),
    window: z.object({ from: TimeValue, to: TimeValue }),
    notes: z.array(z.string()),
  },
  work: async (args, { context }) => {
    const file = await context.roots.resolve(args.file);
    const { notes, signals, window, ...counts } = await listWaveSignals(file, args.contains, args.limit);
    return {
      data: { ...counts, signals: [...signals], window: { ...window }, notes: notes.map(waveNoteText) },
      evidence: [context.roots.cite(file)],
    };
  },
});

export const wavesQuery = defineTool({
  name: 'waves_query',
  title: 'Query a waveform',
  readOnly: true,
  description: 'Changes of signals in a VCD, FST or GHW file over a window of time.',
  input: z.strictObject({
    file: FilePath,
    signals: z.array(z.string().min(1).max(500)).min(1).max(50).describe('hierarchical names, or their unique ends'),
    from: z.string().max(40).optional().describe('e.g. 100ns; default: the start'),
    to: z.string().max(40).optional().describe('e.g. 2us; default: the end'),
  }),
  output: {
    window: z.object({ from: TimeValue, to: TimeValue }),
    signals: z.array(
      z.object({
        name: z.string(),
        width: z.number().int(),
        changes: z.array(z.tuple([TimeValue, z.string()])),
        changes_total: z.number().int(),
      }),
    ),
    notes: z.array(z.string()),
  },
  work: async (args, { context }) => {
    const file = await context.roots.resolve(args.file);
    const slice = await queryWaves(file, args.signals, args.from ?? null, args.to ?? null);
    return {
      data: {
        window: { from: slice.window.from, to: slice.window.to },
        signals: slice.signals.map(({ name, width, changes }) => ({
          name,
          width,
          changes: changes.slice(0, MAX_CHANGES).map(([time, value]): [TimeValue, string] => [time, value]),
          changes_total: changes.length,
        })),
        notes: slice.notes.map(waveNoteText),
      },
      evidence: [context.roots.cite(file)],
    };
  },
});
