// equivalence_check over the whole collection of pairs, and over every package against its own netlist: proven as it
// is, refused with one clock edge turned round. Argument: `--seconds N` for one pair (default 120). Writes
// docs/bench/equivalence.md; throws when a pair that differs is taken for equal, or a pair of the collection is
// refused.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { equivalencePairs, verdictOf } from '../../test/skills/equivalence-pairs.ts';
import { Sandbox } from '../../test/skills/fixture.ts';

const PACKAGES = path.join(import.meta.dirname, '../../resources/cbb');
const REPORT = path.join(import.meta.dirname, '../../docs/bench/equivalence.md');

interface Line {
  readonly what: string;
  readonly right: number;
  readonly total: number;
  readonly seconds: number;
  readonly rest: readonly string[];
}

function packageSources(id: string): { top: string; text: string } {
  const folder = path.join(PACKAGES, id);
  const { toplevel } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as { toplevel: string };
  const files = readdirSync(path.join(folder, 'rtl')).filter((name) => /\.s?v$/.test(name));
  return { top: toplevel, text: files.map((name) => readFileSync(path.join(folder, 'rtl', name), 'utf8')).join('\n') };
}

function netlistOf(box: Sandbox, id: string, top: string, text: string): string {
  const [source, netlist] = [box.at(`${id}.sv`), box.at(`${id}.net.v`)];
  writeFileSync(source, text);
  const script = `read_verilog -sv ${source}; synth -flatten -top ${top}; abc -g AND,OR,XOR,MUX; opt_clean; write_verilog -noattr ${netlist}`;
  execFileSync('yosys', ['-q', '-p', script], { stdio: 'ignore' });
  return readFileSync(netlist, 'utf8');
}

export async function soak(args: readonly string[]): Promise<void> {
  const at = args.indexOf('--seconds');
  const limitMs = Number(at === -1 ? 120 : args[at + 1]) * 1000;
  const box = await Sandbox.create();
  const wrong: string[] = [];
  const lines: Line[] = [];
  const measure = async (what: string, work: (rest: string[]) => Promise<[number, number]>): Promise<void> => {
    const started = performance.now();
    const rest: string[] = [];
    const [right, total] = await work(rest);
    lines.push({ what, right, total, rest, seconds: (performance.now() - started) / 1000 });
  };
  try {
    const pairs = equivalencePairs();
    for (const equal of [true, false]) {
      await measure(`pairs that are ${equal ? 'equal: proven' : 'different: refused'}`, async () => {
        const kind = pairs.filter((pair) => pair.equal === equal);
        let right = 0;
        for (const pair of kind) {
          const verdict = await verdictOf(box, pair);
          if (verdict.equal === equal) right += 1;
          else wrong.push(`${pair.name}: ${verdict.text}`);
        }
        return [right, kind.length];
      });
    }
    const ids = readdirSync(PACKAGES).filter((id) => /always_ff|always @/.test(packageSources(id).text));
    for (const turned of [false, true]) {
      await measure(
        `packages against ${turned ? 'a netlist with one edge turned: refused' : 'their netlists: proven'}`,
        async (rest) => {
          let right = 0;
          for (const id of ids) {
            const { top, text } = packageSources(id);
            const netlist = netlistOf(box, id, top, text);
            const gate = turned ? netlist.replace('posedge', 'negedge') : netlist;
            const pair = { name: `${id} ${turned ? 'turned' : 'same'}`, gold: text, gate };
            const verdict = await verdictOf(box, pair, { top, signal: AbortSignal.timeout(limitMs) });
            if (verdict.equal !== turned) right += 1;
            else if (turned) wrong.push(`${id} with an edge turned is taken for equal`);
            else rest.push(id);
          }
          return [right, ids.length];
        },
      );
    }
  } finally {
    await box.remove();
  }
  const rows = lines.map(
    (line) =>
      `| ${line.what} | ${line.right} of ${line.total} | ${(line.seconds / line.total).toFixed(1)} s | ${line.rest.join(', ')} |`,
  );
  writeFileSync(
    REPORT,
    [
      '# Equivalence check: right and wrong',
      '',
      `\`scripts/soak equivalence\` over \`test/skills/equivalence-pairs.txt\` and all packages, at most ${limitMs / 1000} s a pair. A pair that is refused although it is equal costs time; one that is proven although it differs is a wrong verdict and fails the run.`,
      '',
      '| what | right | mean time | not proven in time |',
      '|---|---:|---:|---|',
      ...rows,
      '',
    ].join('\n'),
  );
  for (const line of lines) console.log(`${line.what}: ${line.right} of ${line.total}`);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}
