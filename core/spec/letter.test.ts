// The rules of docs/structured-specs.md, read to the letter: what they allow is composed, passes its bench and is clean
// under every linter; what they forbid is refused with the code and line that the fixture marks, and with nothing else.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkInterface, extractInterface } from '../plan/index.ts';
import { composeFiles, composePlan } from './compose/index.ts';
import type { Design } from './design.ts';
import { elaborateSpec } from './elaborate/index.ts';
import { builtinCatalog, isMissing, vendorSources } from './fixtures/packages.ts';
import { parseSpec } from './parse-spec.ts';

interface Case {
  readonly name: string;
  readonly text: string;
  /** `<line> <code>` where the fixture has ⟦code⟧ */
  readonly expected: readonly string[];
}

/** A spec begins at `%%% name variant…`; the marks are cut out. */
function casesOf(file: string): Case[] {
  const parts = readFileSync(join(import.meta.dirname, 'fixtures', file), 'utf8')
    .split(/^%%% /m)
    .slice(1);
  return parts.map((part) => {
    const [head = '', ...lines] = part.split('\n');
    const [name = '', ...variants] = head.split(' ');
    const expected: string[] = [];
    const text = lines
      .map((line, at) =>
        line.replace(/\s*⟦(\w+)⟧/g, (_, code: string) => {
          expected.push(`${at + 1} ${code}`);
          return '';
        }),
      )
      .join('\n');
    return {
      name,
      text: variants.reduce((changed, variant) => VARIANTS[variant]?.(changed) ?? changed, text),
      expected,
    };
  });
}

const VARIANTS: Readonly<Record<string, (text: string) => string>> = {
  crlf: (text) => text.replaceAll('\n', '\r\n'),
  bom: (text) => `\uFEFF${text}`,
  tabs: (text) => text.replaceAll('| ', '|\t').replaceAll(' |', '\t|'),
  nonl: (text) => text.trimEnd(),
};

const elaborate = (text: string) => elaborateSpec(parseSpec(text, 'spec.md'), builtinCatalog);

describe('refused', () => {
  it.each(casesOf('letter-refused.md'))('$name', ({ text, expected }) => {
    const result = elaborate(text);
    const found = 'diagnostics' in result ? result.diagnostics.map(({ line, code }) => `${line} ${code}`) : [];
    expect(expected).not.toEqual([]);
    expect(found.sort()).toEqual([...expected].sort());
  });
});

describe('accepted', () => {
  const accepted = casesOf('letter-accepted.md');
  const designs = new Map<string, Design>();
  const root = mkdtempSync(join(tmpdir(), 'genrtl-letter-'));
  afterAll(() => rmSync(root, { recursive: true }));

  beforeAll(() => {
    for (const sub of ['src', 'tb']) mkdirSync(join(root, sub));
    for (const { name, text } of accepted) {
      const result = elaborate(text);
      if (!('design' in result)) continue;
      designs.set(name, result.design);
      for (const file of composeFiles(result.design)) writeFileSync(join(root, file.path), file.text);
    }
  });

  const run = (tool: string, args: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(tool, args, { cwd: root, encoding: 'utf8', timeout: 60_000 });
    return stdout + stderr;
  };
  const sources = (): string[] => {
    const all = [...designs.values()];
    return [...new Set(all.flatMap((design) => [`src/${design.module}.sv`, ...vendorSources(design)]))];
  };

  it.skipIf(isMissing('iverilog', '-V')).each(accepted)('$name passes its bench', ({ name, text }) => {
    const result = elaborate(text);
    expect('diagnostics' in result ? result.diagnostics : []).toEqual([]);
    expect('design' in result && checkInterface(composePlan(result.design), extractInterface(text))).toEqual([]);
    const design = designs.get(name);
    if (!design) throw new Error('the design was not composed');
    expect(
      run('iverilog', [
        '-g2012',
        '-o',
        `${name}.vvp`,
        `tb/tb_${design.module}.sv`,
        `src/${design.module}.sv`,
        ...vendorSources(design),
      ]),
    ).toBe('');
    expect(run('vvp', ['-N', `${name}.vvp`])).toBe('PASS\n');
  });

  it.skipIf(isMissing('verilator', '--version'))('everything is clean under verilator -Wall', () => {
    const benches = [...designs.values()].map(({ module }) => `tb/tb_${module}.sv`);
    expect(run('verilator', ['--lint-only', '--timing', '-Wall', '-Wno-MULTITOP', ...benches, ...sources()])).toBe('');
  });

  it.skipIf(isMissing('yosys', '-V'))('everything elaborates in Yosys', () => {
    expect(
      run('yosys', ['-q', '-p', `read_verilog -sv ${sources().join(' ')}; hierarchy -check; proc; check -assert`]),
    ).toBe('');
  });
});
