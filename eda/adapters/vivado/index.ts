// AMD Vivado: xvlog, xelab and xsim for simulation, Vivado in batch mode for synthesis. Built from documentation; see
// docs/tools.md.
import { defineAdapter } from '../../adapter.ts';
import { buildVerdict, licenceVerdict, simulationVerdict } from '../../verdicts.ts';
import { buildVivadoCommands, VivadoOptions } from './commands.ts';
import { createVivadoParser } from './parser.ts';

export const vivado = defineAdapter({
  id: 'vivado',
  title: 'AMD Vivado',
  testedAgainstRealTool: false,
  needs: { network: 'licence', home: ['.flexlmrc', '.Xilinx'] },
  actions: ['lint', 'compile', 'elaborate', 'simulate', 'synthesise'],
  languages: ['verilog', 'vhdl'],
  optionsSchema: VivadoOptions,
  async detect(host) {
    const names = ['vivado', 'xvlog', 'xvhdl', 'xelab', 'xsim'] as const;
    const found = await Promise.all(names.map((name) => host.which(name)));
    const companions = Object.fromEntries(names.flatMap((name, at) => (found[at] ? [[name, found[at]] as const] : [])));
    const path = companions['vivado'] ?? companions['xvlog'];
    if (path === undefined) return null;
    const { stdout } = await host.capture([path, path === companions['vivado'] ? '-version' : '--version']);
    return {
      path,
      version: /v(\d{4}\.\d\S*)/.exec(stdout)?.[1] ?? 'unknown',
      edition: /\b(Lab Edition|WebPACK|Standard|Enterprise)\b/.exec(stdout)?.[1] ?? null,
      companions,
    };
  },
  buildCommands: buildVivadoCommands,
  createParser: (_stream, sink) => createVivadoParser(sink),
  verdict: (facts) =>
    licenceVerdict(facts) ??
    (facts.action === 'simulate'
      ? simulationVerdict(facts, { finished: facts.log.finishLines > 0 })
      : buildVerdict(facts)),
});
