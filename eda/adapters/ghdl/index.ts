// GHDL: analysis, elaboration and simulation of VHDL, with any of its three code generators.
import { defineAdapter } from '../../adapter.ts';
import type { RunFacts } from '../../adapter.ts';
import { buildVerdict, simulationVerdict } from '../../verdicts.ts';
import type { SimulationEnd } from '../../verdicts.ts';
import { buildGhdlCommands, GhdlOptions } from './commands.ts';
import { createGhdlParser, END } from './parser.ts';

/**
 * A bench of VHDL ends by `std.env`, by `severity failure` with an end's text, or by running out of events. `finish` is
 * its word that all went well, as long as nothing spoke against it; every other end needs a line that starts with PASS.
 */
function asBenchesMean(facts: RunFacts): [RunFacts, SimulationEnd] {
  const { log, commands } = facts;
  const bySeverity = (log.own[END] ?? 0) > 0;
  const ran = commands.find(({ role }) => role === 'run');
  const outOfEvents = ran?.exitCode === 0 && log.stopLines === 0;
  const passLines = log.passLines > 0 || log.finishLines > 0 ? Math.max(log.passLines, 1) : 0;
  return [
    {
      ...facts,
      log: { ...log, passLines },
      // GHDL itself calls every failure a failed run
      commands: commands.map((one) =>
        one.role === 'run' && bySeverity && one.exitCode === 1 ? { ...one, exitCode: 0 } : one,
      ),
    },
    { finished: log.finishLines > 0 || bySeverity || outOfEvents },
  ];
}

export const ghdl = defineAdapter({
  id: 'ghdl',
  title: 'GHDL',
  testedAgainstRealTool: true,
  actions: ['lint', 'compile', 'elaborate', 'simulate'],
  languages: ['vhdl'],
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
    return simulationVerdict(...asBenchesMean(facts));
  },
});
