// The long runs, each in a file of its own: `scripts/soak [NAME] [ARGUMENTS…]`; without a name all of them, one after
// the other.
// Results go to docs/bench/. A run that fails throws.
import { existsSync } from 'node:fs';
import path from 'node:path';

type Soak = (args: readonly string[]) => Promise<void>;

/** Name, what it does, and where it stands. */
const SOAKS: Readonly<Record<string, { readonly about: string; readonly file: string }>> = {
  eda: { about: 'adapters and parsers on generated logs and designs', file: './eda.ts' },
  specs: { about: 'structured specs at random through the composer and three tools', file: './specs.ts' },
  fuzz: { about: 'long fuzzing of everything that reads hostile input', file: './fuzz.ts' },
  faults: { about: 'planted faults: are they found, and at the right line', file: './faults.ts' },
  verdicts: { about: 'good pairs, unchecked wrong outputs and models that cheat', file: './verdicts.ts' },
  app: { about: 'the app for a long time: memory, reconnects, large workspaces', file: './app.ts' },
  memory: { about: 'what the host holds while somebody works in five workspaces in turn', file: './memory.ts' },
  everything: { about: 'kills at every point, every sample: all that the tests represent', file: './everything.ts' },
  ai: { about: 'interactive runs: many streams, slow readers, abrupt closes', file: './ai.ts' },
  package: { about: 'the packed app with its Node and PostgreSQL runs a job', file: './package.ts' },
  skills: { about: 'skills: sessions, deaths, batches', file: './skills.ts' },
  equivalence: {
    about: 'equivalence_check on many pairs: nothing wrong proven, true pairs not refused',
    file: './equivalence.ts',
  },
  projects: { about: 'public projects in a folder: includes, order, lint', file: './projects.ts' },
  hosted: {
    about: 'a hosted backend under load: kills, caps, equal checkouts, a database that is away',
    file: './hosted.ts',
  },
  cbb: { about: 're-verifies every package; writes docs/bench/cbb.md', file: './cbb.ts' },
};

const present = (file: string): boolean => existsSync(path.join(import.meta.dirname, file));

async function load(file: string): Promise<Soak> {
  const { soak } = (await import(file)) as { soak?: Soak };
  if (typeof soak !== 'function') throw new Error(`${file} exports no soak()`);
  return soak;
}

function usage(): void {
  console.log('usage: scripts/soak [NAME [ARGUMENTS…]]');
  for (const [name, { about, file }] of Object.entries(SOAKS))
    if (present(file)) console.log(`  ${name.padEnd(12)} ${about}`);
}

async function main([wanted, ...args]: readonly string[]): Promise<number> {
  if (wanted === '--help' || wanted === '-h') {
    usage();
    return 0;
  }
  const names = wanted === undefined ? Object.keys(SOAKS) : [wanted];
  let failed = 0;
  for (const name of names) {
    const entry = SOAKS[name];
    if (entry === undefined || !present(entry.file)) {
      if (wanted === undefined) continue;
      usage();
      return 2;
    }
    const started = performance.now();
    try {
      await (await load(entry.file))(args);
      console.log(`soak ${name}: passed in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    } catch (error) {
      failed += 1;
      console.error(`soak ${name}: FAILED\n${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  return failed === 0 ? 0 : 1;
}

// Connections to servers that were killed can keep Node's own end busy for ever.
process.exit(await main(process.argv.slice(2)));
