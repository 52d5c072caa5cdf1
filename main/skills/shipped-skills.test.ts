// Every shipped skill lints clean, its offline tests included; a scaffolded one does too.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SkillHost } from '@genrtl/contracts/skill-contract.ts';
import { listSkillFolders, readSkill, SHIPPED_SKILLS } from './catalogue.ts';
import { lintSkill } from './lint.ts';
import { newSkill } from './scaffold.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'genrtl-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const shipped = await listSkillFolders([{ folder: SHIPPED_SKILLS, origin: 'shipped' }]);

describe('shipped skills', () => {
  it('are the ones that the product promises', () => {
    expect(shipped.map((each) => each.name)).toEqual(
      expect.arrayContaining([
        'timing_summary',
        'congestion_report',
        'drc_report',
        'power_report',
        'clock_tree_report',
        'synth_stat',
        'equivalence_check',
        'hierarchy_report',
        'sta_summary',
      ]),
    );
  });

  it.each(shipped.map((each) => [each.name, each.folder]))('%s lints clean', async (_, place) => {
    const result = await lintSkill(place);
    expect(result.diagnostics).toEqual([]);
    expect(result.tests.length).toBeGreaterThan(0);
    expect(result.tests.filter((test) => !test.passed)).toEqual([]);
  });
});

describe('skill new', () => {
  it.each(SkillHost.options)('makes a skill for %s that lints clean', async (host) => {
    const place = await newSkill({ name: `fresh_${host}`, host, into: folder });
    expect((await lintSkill(place)).diagnostics).toEqual([]);
  });

  it('refuses bad names and existing folders', async () => {
    await expect(newSkill({ name: '../x', host: 'tclsh', into: folder })).rejects.toMatchObject({
      code: 'SKILL_INVALID',
    });
    await newSkill({ name: 'twice', host: 'tclsh', into: folder });
    await expect(newSkill({ name: 'twice', host: 'tclsh', into: folder })).rejects.toMatchObject({
      code: 'SKILL_EXISTS',
    });
  });
});

describe('skill lint', () => {
  const broken = async (name: string, change: (place: string) => Promise<void>) => {
    const place = await newSkill({ name, host: 'tclsh', into: folder });
    await change(place);
    return (await lintSkill(place)).diagnostics;
  };

  it('names the line of a contract’s fault', async () => {
    const found = await broken('bad_path', async (place) => {
      const file = path.join(place, 'contract.yaml');
      await writeFile(file, (await readFile(file, 'utf8')).replace('path: reports/bad_path.txt', 'path: /etc/passwd'));
    });
    const line =
      (await readFile(path.join(folder, 'bad_path', 'contract.yaml'), 'utf8'))
        .split('\n')
        .findIndex((text) => text.includes('/etc/passwd')) + 1;
    expect(found).toContainEqual(
      expect.objectContaining({
        code: 'CONTRACT_INVALID',
        file: 'contract.yaml',
        line,
        message: expect.stringContaining('/etc/passwd') as string,
      }),
    );
  });

  it('finds an undocumented metric, an exit in a template and an expectation that does not hold', async () => {
    expect(
      await broken('undocumented', (place) => writeFile(path.join(place, 'SKILL.md'), '# nothing')),
    ).toContainEqual(
      expect.objectContaining({ code: 'SKILL_DOCUMENT', message: expect.stringContaining('`commands`') as string }),
    );
    expect(
      await broken('exits', (place) =>
        writeFile(path.join(place, 'templates/run.tcl'), '# exit is fine here\nif {1} { exit 0 }\n'),
      ),
    ).toContainEqual(expect.objectContaining({ code: 'SKILL_TEMPLATE', line: 2 }));
    const found = await broken('wrong', async (place) => {
      const file = path.join(place, 'tests/basic/case.yaml');
      await writeFile(file, (await readFile(file, 'utf8')).replace('120', '121'));
    });
    expect(found).toContainEqual(
      expect.objectContaining({ code: 'SKILL_TESTS', message: 'commands is 120, expected 121' }),
    );
  });

  it('survives YAML that is none, huge, or expands without end', async () => {
    for (const [name, text] of [
      ['torn', 'name: [\n'],
      ['huge', `a: ${'x'.repeat(300_000)}`],
      [
        'laughs',
        'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n',
      ],
    ] as const) {
      const place = await newSkill({ name, host: 'tclsh', into: folder });
      await writeFile(path.join(place, 'contract.yaml'), text);
      const reading = await readSkill(place);
      expect(reading.skill).toBeNull();
      expect(reading.diagnostics.length).toBeGreaterThan(0);
    }
  });
});
