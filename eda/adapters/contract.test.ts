// What holds for every adapter: golden commands, purity, awkward names, missing and odd tools, hostile output.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { GenrtlError, ToolId } from '@genrtl/contracts';
import type { ToolAction } from '@genrtl/contracts';
import { fakeTools } from '../../test/fakes/eda/fake-tool.ts';
import type { BuildContext, DetectedTool, ToolAdapter } from '../adapter.ts';
import { DiagnosticCollector, feedLines } from '../parsing/index.ts';
import { detectTool, runTool } from '../runner/index.ts';
import { adapterById, adapters } from './index.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-contract-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Version {
  /** all that are called */
  readonly executables: readonly string[];
  readonly answer: string;
  readonly version: string;
  readonly edition: string | null;
}
/** Where each tool's version is asked, and what the real one answers there (or is documented to): beside its adapter. */
const VERSIONS = Object.fromEntries(
  adapters.map(({ id }) => [id, JSON.parse(readFileSync(join(import.meta.dirname, id, 'version.json'), 'utf8'))]),
) as Readonly<Record<ToolId, Version>>;

const context = (
  adapter: ToolAdapter<ToolId>,
  action: ToolAction,
  more: Partial<BuildContext<unknown>> = {},
): BuildContext<unknown> => ({
  action,
  tool: toolOf(adapter),
  sources: ['src/uart tx.sv', 'src/größe.sv', 'tb/tb_top.sv'],
  includeDirs: ['src/inc'],
  defines: { WIDTH: '8', FAST: null },
  libraries: {},
  parameters: { DEPTH: '16' },
  plusargs: ['verbose=2'],
  top: 'tb_top',
  runDir: '.genRTL/runs/j/sim_1',
  buildDir: '.genRTL/runs/j/sim_1',
  seed: 7,
  waves: null,
  coverage: false,
  timescales: true,
  jobs: 2,
  options: {},
  ...more,
});

function toolOf(adapter: ToolAdapter<ToolId>): DetectedTool {
  const { executables, version, edition } = VERSIONS[adapter.id];
  return {
    path: `/opt/${executables[0] ?? ''}`,
    version,
    edition: adapter.id === 'ghdl' ? 'mcode' : edition,
    companions: Object.fromEntries(executables.map((name) => [name, `/opt/${name}`])),
  };
}

it('lists every tool that has an id, once', () => {
  expect(adapters.map(({ id }) => id).sort()).toEqual([...ToolId.options].sort());
  for (const id of ToolId.options) expect(adapterById(id)?.id).toBe(id);
});

describe.each(adapters.map((adapter) => [adapter.id, adapter] as const))('%s', (id, adapter) => {
  it('builds its golden commands', () => {
    const path = join(import.meta.dirname, 'golden', `${id}.json`);
    const plans = Object.fromEntries(
      adapter.actions.flatMap((action) => [
        [action, adapter.buildCommands(context(adapter, action))],
        ...(action === 'simulate'
          ? [
              [
                'simulate, bench dumps',
                adapter.buildCommands(
                  context(adapter, action, {
                    waves: { format: 'vcd', file: '.genRTL/runs/j/sim_1/w.vcd', by: 'plusarg' },
                  }),
                ),
              ],
              [
                'simulate, tool dumps, coverage',
                adapter.buildCommands(
                  context(adapter, action, {
                    coverage: true,
                    waves: { format: 'vcd', file: '.genRTL/runs/j/sim_1/w.vcd', by: 'module' },
                  }),
                ),
              ],
            ]
          : []),
      ]),
    );
    if (process.env['GENRTL_UPDATE_GOLDEN'] === '1') {
      mkdirSync(join(import.meta.dirname, 'golden'), { recursive: true });
      writeFileSync(path, `${JSON.stringify(plans, null, 1)}\n`);
    }
    expect(existsSync(path), 'GENRTL_UPDATE_GOLDEN=1 writes the commands: read them').toBe(true);
    expect(JSON.parse(JSON.stringify(plans))).toEqual(JSON.parse(readFileSync(path, 'utf8')));
  });

  it('builds commands purely, with every name whole and none made into an option', () => {
    for (const action of adapter.actions) {
      const [a, b] = [adapter.buildCommands(context(adapter, action)), adapter.buildCommands(context(adapter, action))];
      expect(a).toEqual(b);
      const text = JSON.stringify(a);
      expect(text).toContain('uart tx.sv');
      expect(text).toContain('größe.sv');
      for (const { argv } of a.commands)
        expect(argv.every((word) => typeof word === 'string' && word !== '')).toBe(true);
    }
  });

  it('refuses actions that it does not have and options that it does not know', () => {
    const missing = (['lint', 'compile', 'elaborate', 'simulate', 'synthesise', 'format'] as const).find(
      (action) => !adapter.actions.includes(action),
    );
    if (missing !== undefined) expect(() => adapter.buildCommands(context(adapter, missing))).toThrow(GenrtlError);
    expect(() =>
      adapter.buildCommands(context(adapter, adapter.actions[0] ?? 'lint', { options: { nonsense: true } })),
    ).toThrow(GenrtlError);
  });

  it('is missing where its executable is', async () => {
    const { env } = fakeTools(join(folder, `${id}-none`));
    expect(await detectTool(adapter, { ...env, PATH: join(folder, `${id}-none`) })).toBeNull();
  });

  it('reads the version that the tool is documented to print, and survives another', async () => {
    const { executables, answer, version, edition } = VERSIONS[id];
    const fakes = fakeTools(join(folder, `${id}-version`));
    for (const name of executables) fakes.add(name, `cat <<'EOF'\n${answer}EOF`);
    expect(await detectTool(adapter, fakes.env)).toMatchObject({ version, edition });
    const odd = fakeTools(join(folder, `${id}-odd`));
    for (const name of executables) odd.add(name, `printf 'what?\\377\\n' >&2; exit 3`);
    expect(await detectTool(adapter, odd.env)).toMatchObject({ version: 'unknown' });
  });

  it.each(adapter.actions)('never passes when the tool does nothing and exits with 0 (%s)', async (action) => {
    const workspace = join(folder, `${id} ${action} wörk`);
    mkdirSync(workspace, { recursive: true });
    const source = adapter.languages.includes('verilog') ? 'tb top.sv' : 'tb top.vhd';
    writeFileSync(join(workspace, source), '\n');
    const fakes = fakeTools(join(folder, `${id}-${action}-silent`));
    for (const name of VERSIONS[id].executables) fakes.add(name, 'exit 0');
    const result = await runTool({
      adapter,
      action,
      workspace,
      sources: [source],
      top: 'tb_top',
      runDir: join(workspace, 'run'),
      env: fakes.env,
      // where the fakes note how they were called
      confinement: { mode: 'preferred', writable: [fakes.env['HOME'] ?? ''] },
    });
    // a lint or format without findings is silent; everything else leaves an artefact or speaks
    const silent = adapter
      .buildCommands(context(adapter, action))
      .commands.every(({ artefact, role }) => artefact === undefined && role === 'build');
    expect(result.verdict).toBe(silent ? 'pass' : 'unknown');
    expect(
      fakes.calls().some((call) => call.some((word) => word.includes(source))) || existsSync(join(workspace, 'run')),
    ).toBe(true);
  });

  it('survives any output, in linear time', () => {
    const parse = (bytes: Uint8Array): DiagnosticCollector => {
      const collector = new DiagnosticCollector('/w');
      const feed = feedLines(adapter.createParser('stdout', collector));
      feed.push(bytes);
      feed.end();
      return collector;
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        parse(bytes);
      }),
      { numRuns: 150 },
    );
    const words = [
      'Error',
      'error:',
      '%Error-X:',
      '** Error',
      'ERROR: [A 1-2]',
      '*E,CODE',
      ' (a.sv,3|4):',
      'a.sv:3:',
      ':4:',
      '(5)',
      '"a.sv", 3:',
      'FAIL',
      'PASS',
      '-[',
      ']',
      '[',
      ' File: ',
      ' Line: 3',
      'Time: 3',
      '\n',
      '\n  ',
      '| ^~~',
      ': ... ',
      'UVM_ERROR',
      ' @ 5:',
      '\r',
      '\x1b[1m',
      'license',
      '\0',
      '３',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), (parts) => {
        for (const one of parse(Buffer.from(parts.join(''))).diagnostics()) {
          expect(one.line === undefined || (Number.isInteger(one.line) && one.line > 0)).toBe(true);
          expect(one.tool).toBe(id);
        }
      }),
      { numRuns: 300 },
    );
    for (const word of words) {
      const started = process.cpuUsage().user;
      parse(Buffer.from(`Error: ** Error: a.sv:3: ${word.repeat(Math.ceil(120_000 / word.length))}\n`));
      parse(Buffer.from(`${word}${' '.repeat(60_000)}${word}\n${word} ${'1'.repeat(60_000)}\n`));
      expect(process.cpuUsage().user - started, `many ${JSON.stringify(word)}`).toBeLessThan(400_000);
    }
  }, 60_000);

  it('knows a licence queue where its tool has one', () => {
    const collector = new DiagnosticCollector('/w');
    const states: string[] = [];
    collector.onLicence = (state) => states.push(state);
    const feed = feedLines(adapter.createParser('stdout', collector));
    feed.push(Buffer.from('** Note: Waiting for a license: feature in use, queued\nLicense granted\n'));
    feed.end();
    expect(states).toEqual(
      ['vcs', 'questa', 'xcelium', 'vivado', 'quartus'].includes(id) ? ['waiting', 'granted'] : [],
    );
  });
});
