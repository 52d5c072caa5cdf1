// npm run bench [name…]: every figure of one run, side by side on this machine.
import os from 'node:os';
import { printTable, type Measurement } from './table.ts';

// loaded one by one: what a bench spawns is forked from this process, and the smaller it is, the sooner
const BENCHES: Record<string, { title: string; run: () => Promise<Measurement[]> }> = {
  // first: its supervisor is this process, and after the parsing bench each session's start would copy twice the memory
  // map
  skills: { title: 'Skills beyond their tools', run: async () => (await import('./skills.ts')).benchSkills() },
  orchestration: {
    title: 'Orchestration beyond tools and models',
    run: async () => (await import('./orchestration.ts')).benchOrchestration(),
  },
  confinement: {
    title: 'Confinement of tool runs',
    run: async () => (await import('./confinement.ts')).benchConfinement(),
  },
  parsing: { title: 'Log parsing', run: async () => (await import('./parsing.ts')).benchParsing() },
  verdicts: { title: 'What a testbench looks at', run: async () => (await import('./verdicts.ts')).benchVerdicts() },
  ai: { title: 'The AI module beside a bare relay', run: async () => (await import('./ai.ts')).benchAi() },
  hosted: { title: 'A hosted backend', run: async () => (await import('./hosted.ts')).benchHosted() },
  patching: { title: 'Patch application', run: async () => (await import('./patching.ts')).benchPatching() },
  prompts: { title: 'Prompts', run: async () => (await import('./prompts.ts')).benchPrompts() },
  workspace: {
    title: 'Opening a workspace of 200 files',
    run: async () => (await import('./workspace.ts')).benchWorkspace(),
  },
  latency: {
    title: 'Keys and what they bring, in projects of 231 and 3,000 files',
    run: async () => (await import('./latency.ts')).benchLatency(),
  },
  // last, since it makes and removes 50,000 files: ext4 without a journal then looks past these for each new one, for
  // minutes
  app: { title: 'The app in a browser', run: async () => (await import('./app.ts')).benchApp() },
};

const wanted = process.argv.slice(2);
console.log(`# Bench\n\n${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  printTable(bench.title, await bench.run());
}
