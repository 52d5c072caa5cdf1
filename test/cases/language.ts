// Kinds of cases about what the language index finds in sources.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { LanguageService } from '../../main/language/language-service.ts';
import type { CaseCheck } from './case.ts';

function asked(folder: string) {
  const service = new LanguageService();
  return {
    outline: async (file: string): Promise<string[]> => {
      const { symbols } = await service.outline(folder, file);
      return symbols.map(
        ({ kind, name, parent }) => `${kind} ${name}${parent === null ? '' : ` in ${symbols[parent]?.name ?? ''}`}`,
      );
    },
    definition: async (file: string, line: number, column: number): Promise<string> => {
      const [place] = await service.definition(folder, { path: file, line, column });
      return place === undefined ? 'none' : `${place.path}:${place.line}`;
    },
    hover: async (file: string, line: number, column: number): Promise<string> =>
      (await service.hover(folder, { path: file, line, column })).code ?? 'none',
    complete: async (file: string): Promise<string[]> => {
      const lines = readFileSync(path.join(folder, file), 'utf8').replace(/\n$/, '').split('\n');
      const items = await service.completion(folder, {
        path: file,
        line: lines.length,
        column: (lines.at(-1) ?? '').length + 1,
      });
      return items.map(({ label }) => label);
    },
  };
}

export const svInheritedPortType: CaseCheck = async ({ folder }) => {
  const { hover } = asked(folder);
  expect(await hover('h.sv', 4, 37)).toBe('output logic [7:0] hi');
  expect(await hover('h.sv', 4, 3)).toContain('input logic rst_n');
};

export const svInterfacePortMembers: CaseCheck = async ({ folder }) => {
  const { definition, complete } = asked(folder);
  expect(await definition('i.sv', 7, 18)).toBe('i.sv:2');
  expect(await definition('i.sv', 8, 19)).toBe('i.sv:3');
  expect(await complete('typed.sv')).toEqual(['addr', 'valid']);
};

export const svMacroInPortList: CaseCheck = async ({ folder }) => {
  const { outline, definition } = asked(folder);
  expect(await outline('dma.sv')).toEqual([
    'module dma',
    'port clk in dma',
    'port rst_n in dma',
    'variable busy in dma',
    'module top',
    'port a in top',
    'instance u in top',
  ]);
  expect(await definition('dma.sv', 10, 3)).toBe('dma.sv:1');
  expect(await outline('else.sv')).toEqual([
    'module pick',
    'port a in pick',
    'port fast_q in pick',
    'port slow_q in pick',
  ]);
};

export const svOldStyleTaskArguments: CaseCheck = async ({ folder }) => {
  const { outline, definition } = asked(folder);
  expect(await outline('t.v')).toEqual(
    expect.arrayContaining(['argument p in twice', 'argument a in copy', 'argument b in copy']),
  );
  expect(await definition('t.v', 5, 15)).toBe('t.v:3');
  expect(await definition('t.v', 12, 7)).toBe('t.v:10');
  expect(await definition('t.v', 12, 11)).toBe('t.v:9');
};

export const svParametersLost: CaseCheck = async ({ folder }) => {
  const { outline, definition, hover, complete } = asked(folder);
  expect((await outline('p.sv')).filter((line) => line.startsWith('parameter'))).toEqual(
    ['T in box', 'W in box', 'A in crate', 'B in crate', 'S in crate', 'X in lid', 'Y in lid'].map(
      (one) => `parameter ${one}`,
    ),
  );
  expect(await complete('typed.sv')).toEqual(['T', 'W']);
  expect(await hover('p.sv', 6, 8)).toMatch(/A = 1[^]*B = 2[^]*S = "x"/);
  expect(await definition('p.sv', 4, 10)).toBe('p.sv:2');
};

export const svPortExpressions: CaseCheck = async ({ folder }) => {
  const { outline, definition } = asked(folder);
  const found = await outline('n.v');
  expect(found).toEqual(
    expect.arrayContaining(
      ['a in renamed', 'z in renamed', 'c in joined', 'd in joined', 'e in joined'].map((one) => `port ${one}`),
    ),
  );
  expect(found.some((line) => line.endsWith(' mux_p'))).toBe(true);
  expect(await definition('n.v', 11, 21)).toBe('n.v:7');
  expect(await definition('n.v', 11, 52)).toBe('n.v:4');
};
