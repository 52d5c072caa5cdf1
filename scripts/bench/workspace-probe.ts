// One question to one tree of genRTL in a process of its own, for `workspace.ts`: `node workspace-probe.ts TREE
// WORKSPACE QUESTION` prints milliseconds, by the clock and of this process's own work. Loads that tree's modules only,
// by the names that they have had since the first one.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';

const [tree = '', workspace = '', question = ''] = process.argv.slice(2);

interface OldAndNew {
  listFiles(workspace: string): Promise<{ files: string[] }>;
  collectFilelists(workspace: string, env: NodeJS.ProcessEnv): Promise<{ rtl: readonly string[] }>;
  LanguageService: new () => {
    outline(workspace: string, file: string): Promise<{ symbols: readonly { kind: string }[] }>;
    definition(workspace: string, at: { path: string; line: number; column: number }): Promise<readonly unknown[]>;
  };
  runOnWorkspace(request: object): Promise<{ passed: boolean; diagnostics: readonly unknown[] }>;
}

/** The first of these files that the tree has. */
async function load<Name extends keyof OldAndNew>(name: Name, ...files: readonly string[]): Promise<OldAndNew[Name]> {
  const file = files.map((one) => path.join(tree, one)).find((one) => existsSync(one));
  if (file === undefined) throw new Error(`${tree} has no ${files.join(', ')}`);
  return ((await import(file)) as OldAndNew)[name];
}

const service = async () => new (await load('LanguageService', 'main/language/language-service.ts'))();

const QUESTIONS: Readonly<Record<string, () => Promise<number>>> = {
  open: async () => {
    const listFiles = await load('listFiles', 'main/workspace/list-files.ts');
    const collectFilelists = await load('collectFilelists', 'main/cbb/index.ts');
    begin();
    await listFiles(workspace);
    return (await collectFilelists(workspace, process.env)).rtl.length;
  },
  outline: async () => (await (await service()).outline(workspace, 'src/soc.sv')).symbols.length,
  definition: async () =>
    (await (await service()).definition(workspace, { path: 'src/soc.sv', line: 7, column: 3 })).length,
  diagnostics: async () => {
    const run = await load('runOnWorkspace', 'main/checks/tool-session.ts', 'main/workspace/tool-session.ts');
    // where the tree itself puts such runs, below the workspace
    const runDir = await mkdtemp(path.join(workspace, '.genRTL/tool-runs/lint-'));
    try {
      const { signal } = new AbortController();
      const request = { workspace, tool: 'verilator', action: 'lint', top: null, runDir, env: process.env, signal };
      begin();
      const { passed, diagnostics } = await run(request);
      return passed ? diagnostics.length : 0;
    } finally {
      await rm(runDir, { recursive: true, force: true });
    }
  },
};

let started = performance.now();
let before = process.cpuUsage();
/** The host of the app runs already, so its modules are loaded; the language worker begins with the first question. */
function begin(): void {
  started = performance.now();
  before = process.cpuUsage();
}

const found = await QUESTIONS[question]?.();
const { user, system } = process.cpuUsage(before);
if (!found) throw new Error(`${question} found nothing in ${workspace}`);
console.log(JSON.stringify({ wall: performance.now() - started, own: (user + system) / 1000, found }));
process.exit(0);
