// The samples that come with genRTL: each opens as a workspace of its own below GENRTL_HOME.
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { z } from 'zod';
import { INSTALLATION } from '../installation/installation.ts';
import { readJson } from '@genrtl/disk/records.ts';

export interface Sample {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

export interface SampleLibrary {
  list(): Promise<Sample[]>;
  /** Copies the sample into a workspace of its own, or reopens the copy that is there. Throws NOT_FOUND. */
  open(name: string): Promise<{ workspace: string; spec: string }>;
}

const SAMPLES = path.join(INSTALLATION.root, 'resources/samples');
const SampleCard = z.object({ title: z.string(), description: z.string() });

/** `home` is GENRTL_HOME. */
export function openSamples(home: string, folder = SAMPLES): SampleLibrary {
  const list = async (): Promise<Sample[]> => {
    const names = (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
    const cards = await Promise.all(
      names.map(async (name) => ({ name, card: await readJson(path.join(folder, name, 'sample.json'), SampleCard) })),
    );
    return cards.flatMap(({ name, card }) => (card ? [{ name, ...card }] : []));
  };
  return {
    list,
    open: async (name) => {
      if (!(await list()).some((sample) => sample.name === name))
        throw new GenrtlError('NOT_FOUND', `There is no sample ${name}.`);
      const workspace = path.join(home, 'samples', name);
      const spec = path.join(workspace, 'spec.md');
      await mkdir(workspace, { recursive: true });
      await copyFile(path.join(folder, name, 'spec.md'), spec);
      return { workspace, spec };
    },
  };
}
