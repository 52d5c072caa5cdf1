// npm run bench [name…]: every figure of one run, side by side on this machine.
import os from 'node:os';
import { benchApp } from './app.ts';
import { benchOrchestration } from './orchestration.ts';
import { benchParsing } from './parsing.ts';
import { benchPatching } from './patching.ts';
import { benchSkills } from './skills.ts';
import { printTable, type Measurement } from './table.ts';

const BENCHES: Record<string, { title: string; run: () => Promise<Measurement[]> }> = {
  orchestration: { title: 'Orchestration beyond tools and models', run: benchOrchestration },
  parsing: { title: 'Log parsing', run: benchParsing },
  patching: { title: 'Patch application', run: benchPatching },
  app: { title: 'The app in a browser', run: benchApp },
  skills: { title: 'Skills beyond their tools', run: benchSkills },
};

const wanted = process.argv.slice(2);
console.log(`# Bench\n\n${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  printTable(bench.title, await bench.run());
}
