// Verilator: lint, and simulation through `--main --timing` (C++ out, built by make, then the built program).
import { defineAdapter } from '../../adapter.ts';
import { buildVerdict, simulationVerdict } from '../../verdicts.ts';
import { buildVerilatorCommands, VerilatorOptions } from './commands.ts';
import { createVerilatorParser } from './parser.ts';

export const verilator = defineAdapter({
  id: 'verilator',
  title: 'Verilator',
  testedAgainstRealTool: true,
  actions: ['lint', 'compile', 'elaborate', 'simulate'],
  languages: ['verilog'],
  optionsSchema: VerilatorOptions,
  async detect(host) {
    const path = await host.which('verilator');
    if (path === null) return null;
    const [make, ccache] = await Promise.all([host.which('make'), host.which('ccache')]);
    const { stdout } = await host.capture([path, '--version']);
    const match = /Verilator (\d\S*)\s+(?:devel\s+)?(\S+)?\s*(?:rev\s*(.*))?/.exec(stdout);
    const edition = /\((Debian[^)]*)\)/.exec(stdout)?.[1] ?? null;
    return {
      path,
      version: match?.[1] ?? 'unknown',
      edition,
      companions: { ...(make === null ? {} : { make }), ...(ccache === null ? {} : { ccache }) },
    };
  },
  buildCommands: buildVerilatorCommands,
  createParser: (_stream, sink) => createVerilatorParser(sink),
  verdict(facts) {
    if (facts.action !== 'simulate') return buildVerdict(facts);
    // The built program says `Verilog $finish`; failing assertions and $stop abort it (SIGABRT), which is the design's
    // failure.
    return simulationVerdict(facts, {
      finished: facts.log.finishLines > 0,
      abortMeansFailure: facts.log.stopLines > 0,
    });
  },
});
