// Icarus Verilog with its run time vvp: lint (a compile without code), compile and simulate.
import { defineAdapter } from '../../adapter.ts';
import { buildVerdict, simulationVerdict } from '../../verdicts.ts';
import { buildIcarusCommands, IcarusOptions } from './commands.ts';
import { createIcarusParser } from './parser.ts';

export const icarus = defineAdapter({
  id: 'icarus',
  title: 'Icarus Verilog',
  testedAgainstRealTool: true,
  actions: ['lint', 'compile', 'elaborate', 'simulate'],
  languages: ['verilog'],
  optionsSchema: IcarusOptions,
  async detect(host) {
    const path = await host.which('iverilog');
    if (path === null) return null;
    const vvp = await host.which('vvp');
    // `iverilog -V` prints its version, then complains that it cannot ask its parts when the place is unusual; both are
    // fine.
    const { stdout } = await host.capture([path, '-V']);
    const match = /Icarus Verilog version (\S+)(?: \(([^)]*)\))?/.exec(stdout);
    return {
      path,
      version: match?.[1] ?? 'unknown',
      edition: match?.[2] ?? null,
      companions: vvp === null ? {} : { vvp },
    };
  },
  buildCommands: buildIcarusCommands,
  createParser: (_stream, sink) => createIcarusParser(sink),
  verdict(facts) {
    if (facts.action !== 'simulate') return buildVerdict(facts);
    // `$stop` ends vvp -N with 1; running out of events is told by the module that watches for it.
    return simulationVerdict(facts, { finished: facts.log.stopLines === 0 });
  },
});
