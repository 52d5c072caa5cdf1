// A long specification that demands something here and there, and a model that reads it: what it says of a demand it
// has from the lines that it was sent, and from nowhere else.
import type { Plan } from '@genrtl/contracts';
import { manual } from '@genrtl/core/chunks/fixtures/manual.ts';
import type { FakeAnswer, FakeRequest } from './script.ts';

/** Sections of a manual, every eighth of which demands something in its midst: after `before`. */
export function demandingSections(sections: number, seed: number, before = ' '): string[] {
  return manual('headed', sections, seed).map((section, at) =>
    at % 8 === 3 ? section.replace('. ', `.${before}${demand(at)}${before}`) : section,
  );
}

const demand = (at: number): string => `REQ-${String(at)}: output o${String(at)} goes high within 3 cycles.`;

/** The demands of a text in their order, with the lines that they stand on. */
export const demandsIn = (text: string): { line: number; name: string }[] =>
  text
    .split(/\r\n|\n/)
    .flatMap((line, at) => [...line.matchAll(/(REQ-\d+):/g)].map(([, name = '']) => ({ line: at + 1, name })));

const text = (answer: string): FakeAnswer => ({ kind: 'text', text: answer, chunking: { mode: 'whole' } });

/** What was sent of the specification to be read. */
export const partOf = (request: FakeRequest): string | null =>
  /<<<DATA specification [^>]*part (\w+)>>>\n([\s\S]*?)\n<<<END \1>>>/.exec(request.text)?.[2] ?? null;

/** Of a part the lines that demand something, with one that it makes up; then a plan with a check for each of them. */
export function demandsReader(plan: Plan): (request: FakeRequest) => FakeAnswer {
  return (request) => {
    const part = partOf(request);
    if (part !== null) {
      const lines = [...part.matchAll(/^(\d+)\| .*?(REQ-\d+: [^.\n]*)/gm)].map(([, line, said]) => `${line}| ${said}`);
      return text(lines.length === 0 ? 'nothing' : `Here:\n${lines.join('\n')}\n99999999| REQ-0: invented`);
    }
    const checks = [...request.text.matchAll(/^(\d+)\| .*?(REQ-\d+):/gm)].map(([, line, name = ''], at) => ({
      id: `c${String(at + 1)}`,
      text: name,
      spec_line: Number(line),
    }));
    return text(JSON.stringify({ ...plan, verification: { checks } }));
  };
}
