// What the person tells the author of the code: notes of the job, and changes that were rejected. Both go out with the
// next request to a model.
import path from 'node:path';
import { z } from 'zod';
import { JobNote } from '@genrtl/contracts';
import { rejectedOfJob } from '../review/index.ts';
import { readJson, writeJson } from '@genrtl/disk/records.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import type { StepContext } from './step.ts';

const MAX_NOTES = 200;
/** Rejections and their lines that a prompt is told of; more would crowd out the evidence. */
const TOLD_REJECTIONS = 8;
const TOLD_LINES = 30;

const fileOf = (paths: WorkspacePaths, jobId: string): string => path.join(paths.run(jobId), 'notes.json');

export async function readNotes(paths: WorkspacePaths, jobId: string): Promise<JobNote[]> {
  return (await readJson(fileOf(paths, jobId), z.array(JobNote))) ?? [];
}

export async function addNote(paths: WorkspacePaths, jobId: string, text: string): Promise<JobNote[]> {
  const notes = [...(await readNotes(paths, jobId)), { at: new Date().toISOString(), text }].slice(-MAX_NOTES);
  await writeJson(fileOf(paths, jobId), notes);
  return notes;
}

/** Everything that the next author has to heed, in words. */
export async function wordsForModel(context: StepContext<'only_files'>): Promise<string[]> {
  const notes = (await readNotes(context.paths, context.jobId)).map((note) => note.text);
  const only = context.facts.only_files ?? [];
  const rejected = (await rejectedOfJob(context.paths.root, context.jobId)).slice(-TOLD_REJECTIONS).map((hunk) => {
    const lines = [
      ...hunk.removed.map((line) => `- ${line.trimEnd()}`),
      ...hunk.added.map((line) => `+ ${line.trimEnd()}`),
    ];
    return `I rejected this change of ${hunk.path}; do not make it again:\n${lines.slice(0, TOLD_LINES).join('\n')}${lines.length > TOLD_LINES ? '\n…' : ''}`;
  });
  return [...notes, ...rejected, ...(only.length > 0 ? [`Change nothing but ${only.join(', ')}.`] : [])];
}
