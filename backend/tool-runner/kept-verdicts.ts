// Verdicts about mutants of a measurement that may be interrupted: one line each in a journal whose name is the hash of
// all that a verdict depends on. A line that was cut off says nothing.
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Line = z.object({ mutant: z.string(), outcome: z.enum(['killed', 'survived', 'void']) });

export type MutantOutcome = z.infer<typeof Line>['outcome'];

export class KeptVerdicts {
  readonly #file: string;
  readonly #known = new Map<string, MutantOutcome>();

  private constructor(file: string) {
    this.#file = file;
  }

  /** `basis`: what verdicts depend on besides the mutant: sources, benches, parameter sets, versions of tools. */
  static async open(folder: string, basis: string): Promise<KeptVerdicts> {
    await mkdir(folder, { recursive: true });
    const kept = new KeptVerdicts(join(folder, `${sha256(basis)}.jsonl`));
    await kept.#read();
    return kept;
  }

  /** `text`: the mutated source. */
  get(file: string, text: string): MutantOutcome | undefined {
    return this.#known.get(keyOf(file, text));
  }

  async keep(file: string, text: string, outcome: MutantOutcome): Promise<void> {
    this.#known.set(keyOf(file, text), outcome);
    // the newline in front ends a line that was cut off
    await appendFile(this.#file, `\n${JSON.stringify({ mutant: keyOf(file, text), outcome })}`);
  }

  /** The measurement is whole: the next one asks the tools again. */
  async forget(): Promise<void> {
    this.#known.clear();
    await rm(this.#file, { force: true });
  }

  async #read(): Promise<void> {
    let journal: string;
    try {
      journal = await readFile(this.#file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    for (const text of journal.split('\n')) {
      try {
        const { mutant, outcome } = Line.parse(JSON.parse(text));
        this.#known.set(mutant, outcome);
      } catch {
        // cut off by the end of the process that wrote it
      }
    }
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const keyOf = (file: string, text: string): string => sha256(`${file}\0${text}`);
