// Yosys: elaboration checks and synthesis to a netlist.
import { defineAdapter } from '../../adapter.ts';
import { buildVerdict } from '../../verdicts.ts';
import { buildYosysCommands, YosysOptions } from './commands.ts';
import { createYosysParser } from './parser.ts';

export const yosys = defineAdapter({
  id: 'yosys',
  title: 'Yosys',
  testedAgainstRealTool: true,
  actions: ['lint', 'elaborate', 'synthesise'],
  languages: ['verilog'],
  optionsSchema: YosysOptions,
  async detect(host) {
    const path = await host.which('yosys');
    if (path === null) return null;
    const { stdout } = await host.capture([path, '-V']);
    const match = /Yosys (\S+)(?: \(([^)]*)\))?/.exec(stdout);
    return { path, version: match?.[1] ?? 'unknown', edition: match?.[2] ?? null, companions: {} };
  },
  buildCommands: buildYosysCommands,
  createParser: (_stream, sink) => createYosysParser(sink),
  verdict: buildVerdict,
});
