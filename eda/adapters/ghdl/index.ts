// GHDL: analysis, elaboration and simulation of VHDL, with any of its three code generators.
import { defineAdapter } from '../../adapter.ts';
import { buildVerdict, simulationVerdict } from '../../verdicts.ts';
import { buildGhdlCommands, GhdlOptions } from './commands.ts';
import { createGhdlParser } from './parser.ts';

export const ghdl = defineAdapter({
  id: 'ghdl',
  title: 'GHDL',
  testedAgainstRealTool: true,
  actions: ['lint', 'compile', 'elaborate', 'simulate'],
  optionsSchema: GhdlOptions,
  async detect(host) {
    const path = await host.which('ghdl');
    if (path === null) return null;
    const { stdout } = await host.capture([path, '--version']);
    const version = /GHDL (\d\S*)/.exec(stdout)?.[1] ?? 'unknown';
    // mcode runs in memory; llvm and gcc leave an executable
    const edition = /^\s*(mcode|llvm|GCC)\b/im.exec(stdout)?.[1]?.toLowerCase() ?? null;
    return { path, version, edition, companions: {} };
  },
  buildCommands: buildGhdlCommands,
  createParser: (_stream, sink) => createGhdlParser(sink),
  verdict(facts) {
    if (facts.action !== 'simulate') return buildVerdict(facts);
    return simulationVerdict(facts, { finished: facts.log.finishLines > 0 });
  },
});
