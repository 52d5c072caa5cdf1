// Tells whether a change brings back one that the person rejected, also when it comes with other lines around it.
import type { FileChange } from '@genrtl/contracts/workspace.ts';
import type { RejectedHunk } from '@genrtl/contracts/review.ts';
import { changeBlocks } from './change-blocks.ts';
import type { ChangeBlock } from './change-blocks.ts';
import { readDecisions } from './decisions.ts';

type Lines = readonly string[];

/** White space decides nothing in RTL, and blank lines neither. */
const plain = (lines: Lines): string[] =>
  lines.map((line) => line.replace(/\s+/g, ' ').trim()).filter((line) => line !== '');

/** Letters below which lines such as `end` or `else` alone do not make a change the same. */
const TELLING_LETTERS = 12;

const tells = (lines: Lines): boolean => lines.join('').replace(/\W/g, '').length >= TELLING_LETTERS;

function holds(all: Lines, part: Lines): boolean {
  return all.some((_, at) => part.every((line, nth) => all[at + nth] === line));
}

const equal = (a: Lines, b: Lines): boolean => a.length === b.length && a.every((line, at) => line === b[at]);

export function bringsBack(
  rejected: Pick<RejectedHunk, 'path' | 'removed' | 'added' | 'created'>,
  path: string,
  block: Pick<ChangeBlock, 'removed' | 'added'>,
  creates: boolean,
): boolean {
  if (rejected.path !== path) return false;
  if (rejected.created && creates) return true;
  const [oldRemoved, oldAdded, removed, added] = [
    plain(rejected.removed),
    plain(rejected.added),
    plain(block.removed),
    plain(block.added),
  ];
  if (equal(oldAdded, added) && equal(oldRemoved, removed)) return true;
  if (oldAdded.length > 0) return tells(oldAdded) && holds(added, oldAdded);
  return tells(oldRemoved) && holds(removed, oldRemoved) && !holds(added, oldRemoved);
}

/** What the person rejected of this job, oldest first. */
export async function rejectedOfJob(workspace: string, jobId: string): Promise<RejectedHunk[]> {
  return (await readDecisions(workspace)).rejected.filter((hunk) => hunk.job_id === jobId);
}

/** Rejections that a patch, given as texts before and after it, would undo. */
export async function returningChanges(workspace: string, changes: readonly FileChange[]): Promise<RejectedHunk[]> {
  const { rejected } = await readDecisions(workspace);
  if (rejected.length === 0) return [];
  return rejected.filter((one) =>
    changes.some(
      ({ path, before, after }) =>
        one.path === path && changeBlocks(before, after).some((block) => bringsBack(one, path, block, before === null)),
    ),
  );
}
