// What a workspace's repository says, looked at only: where it is, what differs from HEAD, texts of files, branches,
// log.
import { access } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { GitBranch, GitCommit, GitPlace, GitText, GitView } from '@genrtl/contracts/git.ts';
import { gitLook } from '../processes/git.ts';
import type { GitResult } from '../processes/git.ts';
import { readTextFile } from '../workspace/workspace-files.ts';
import { parseStatus } from './parse-status.ts';
import type { ParsedStatus } from './parse-status.ts';

/** More are counted by nobody, and drawn by no page. */
const MAX_ENTRIES = 5000;
/** Larger texts are shown without language features, and without their changes. */
export const MAX_TEXT_BYTES = 4_000_000;
const MAX_COMMITS = 200;
const MAX_BRANCHES = 500;

export interface Place {
  readonly root: string;
  readonly gitDir: string;
  /** of the workspace in the repository: '' or `a/b/` */
  readonly prefix: string;
}

type Env = NodeJS.ProcessEnv;
const text = ({ stdout }: GitResult): string => stdout.toString();

/** GIT_MISSING, GIT_LOCKED, GIT_FAILED or CANCELLED, in git's own words. */
export function gitError(result: GitResult, what: string): GenrtlError {
  if (result.end === 'missing') return new GenrtlError('GIT_MISSING', 'git is not installed on this machine.');
  if (result.end === 'stopped') return new GenrtlError('CANCELLED', `${what} was stopped.`);
  if (result.end === 'timeout') return new GenrtlError('GIT_FAILED', `${what} did not end in time and was stopped.`);
  if (/index\.lock'?: File exists|Unable to create .*\.lock/.test(result.message))
    return new GenrtlError('GIT_LOCKED', `${what} failed: another git works on this repository, or one was killed.`);
  const said = (result.message === '' ? text(result) : result.message).trim();
  return new GenrtlError('GIT_FAILED', `${what} failed: ${tail(said)}`, {
    ...(/unknown option|unknown switch/.test(said) ? { hint: 'git 2.31 or newer is needed.' } : {}),
    ...(/tell me who you are|empty ident/i.test(said)
      ? { hint: 'Set your name and address: git config --global user.name "…", git config --global user.email "…".' }
      : {}),
  });
}

/** Hooks may print pages; what counts stands at their end. */
const tail = (said: string): string => (said === '' ? 'git gave no reason.' : said.slice(-2000));

async function locate(workspace: string, env: Env): Promise<Place | Exclude<GitView, { state: 'repository' }>> {
  const asked = await gitLook(workspace, {
    args: ['rev-parse', '--show-toplevel', '--absolute-git-dir', '--show-prefix'],
    env,
  });
  if (asked.end === 'missing') return { state: 'no_git' };
  if (asked.end !== 'done') {
    if (/not a git repository|must be run in a work tree/.test(asked.message)) return { state: 'no_repository' };
    return { state: 'refused', root: workspace, message: tail(asked.message) };
  }
  const [root = '', gitDir = '', prefix = ''] = text(asked).split('\n');
  return { root, gitDir, prefix };
}

/** Throws GIT_MISSING, NOT_FOUND without a repository, GIT_FAILED when git refuses to read it. */
export async function placeOf(workspace: string, env: Env): Promise<Place> {
  const place = await locate(workspace, env);
  if (!('state' in place)) return place;
  if (place.state === 'no_git') throw new GenrtlError('GIT_MISSING', 'git is not installed on this machine.');
  if (place.state === 'refused') throw new GenrtlError('GIT_FAILED', place.message);
  throw new GenrtlError('NOT_FOUND', 'The workspace lies in no git repository.', {
    hint: 'Make one in the Git panel.',
  });
}

const STATUS = [
  'status',
  '--porcelain=v2',
  '-z',
  '--branch',
  '--untracked-files=normal',
  // a submodule would be looked at by a git of its own, under its own configuration
  '--ignore-submodules=dirty',
  '--',
  '.',
];

/** Throws GIT_FAILED. */
export async function parsedStatus(workspace: string, place: Place, env: Env): Promise<ParsedStatus> {
  const told = await gitLook(workspace, { args: STATUS, env, filtered: true });
  if (told.end !== 'done' && told.end !== 'cut') throw gitError(told, 'Looking at the repository');
  return parseStatus(text(told), place.prefix, MAX_ENTRIES, told.end === 'cut');
}

const DOING = [
  ['MERGE_HEAD', 'merge'],
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['CHERRY_PICK_HEAD', 'cherry_pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
] as const;

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

export async function gitStatus(workspace: string, env: Env): Promise<GitView> {
  const place = await locate(workspace, env);
  if ('state' in place) return place;
  const [status, staged_elsewhere, locked, doing] = await Promise.all([
    parsedStatus(workspace, place, env),
    place.prefix === '' ? 0 : stagedOutside(place, env),
    exists(path.join(place.gitDir, 'index.lock')),
    Promise.all(DOING.map(async ([file, name]) => ((await exists(path.join(place.gitDir, file))) ? name : null))),
  ]);
  const { entries, ...rest } = status;
  return {
    state: 'repository',
    root: place.root,
    ...rest,
    entries: entries.map(({ path: file, kind, from, staged, unstaged }) => ({
      path: file,
      kind,
      from,
      staged,
      unstaged,
    })),
    staged_elsewhere,
    locked,
    doing: doing.find((name) => name !== null) ?? null,
  };
}

async function stagedOutside(place: Place, env: Env): Promise<number> {
  const listed = await gitLook(place.root, {
    args: ['diff', '--cached', '--name-only', '--no-renames', '--no-ext-diff', '--no-textconv', '-z'],
    env,
  });
  if (listed.end !== 'done' && listed.end !== 'cut') throw gitError(listed, 'Looking at the index');
  return text(listed)
    .split('\0')
    .filter((file) => file !== '' && !file.startsWith(place.prefix)).length;
}

/** Throws GIT_MISSING, NOT_FOUND, GIT_FAILED. */
export async function gitText(workspace: string, file: string, at: GitPlace, env: Env): Promise<GitText> {
  if (at === 'disk') return diskText(workspace, file);
  await placeOf(workspace, env);
  const revision = at === 'head' ? 'HEAD' : at === 'index' ? '' : at;
  const asked = await gitLook(workspace, {
    args: ['cat-file', 'blob', `${revision}:./${file}`],
    env,
    maxBytes: MAX_TEXT_BYTES,
  });
  if (asked.end === 'cut') return { text: null, why: 'too_large' };
  if (asked.end === 'done') return textOf(asked.stdout);
  // a path that is not there, a revision without a parent, a branch without a commit, a folder, a submodule
  if (
    /not in |does not exist|invalid object name|Not a valid object name|bad file|could not get object info/i.test(
      asked.message,
    )
  )
    return { text: null, why: 'absent' };
  throw gitError(asked, `Reading ${file}`);
}

const LFS = 'version https://git-lfs.github.com/spec/';

function textOf(bytes: Buffer): GitText {
  if (bytes.subarray(0, 8192).includes(0)) return { text: null, why: 'binary' };
  const found = bytes.toString();
  // what git stores is not what lies on disk
  return found.startsWith(LFS) ? { text: null, why: 'filtered' } : { text: found, why: null };
}

async function diskText(workspace: string, file: string): Promise<GitText> {
  try {
    const { text: found } = await readTextFile(workspace, file);
    return found.length > MAX_TEXT_BYTES ? { text: null, why: 'too_large' } : { text: found, why: null };
  } catch (error) {
    if (!(error instanceof GenrtlError)) throw error;
    if (error.code === 'NOT_FOUND') return { text: null, why: 'absent' };
    return { text: null, why: /binary/.test(error.message) ? 'binary' : 'too_large' };
  }
}

/** The latest first. */
export async function gitBranches(workspace: string, env: Env): Promise<GitBranch[]> {
  await placeOf(workspace, env);
  const listed = await gitLook(workspace, {
    args: [
      'for-each-ref',
      '--sort=-committerdate',
      `--count=${MAX_BRANCHES}`,
      '--format=%(HEAD)%00%(refname:strip=2)%00%(contents:subject)',
      'refs/heads',
    ],
    env,
  });
  if (listed.end !== 'done') throw gitError(listed, 'Listing the branches');
  return text(listed)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [head, name = '', subject = ''] = line.split('\0');
      return { name, current: head === '*', subject };
    });
}

export async function gitLog(
  workspace: string,
  file: string | null,
  env: Env,
): Promise<{ commits: GitCommit[]; truncated: boolean }> {
  await placeOf(workspace, env);
  const listed = await gitLook(workspace, {
    args: ['log', '-z', '--no-color', '--format=%H%x1f%an%x1f%aI%x1f%s', '-n', `${MAX_COMMITS + 1}`, '--', file ?? '.'],
    env,
  });
  if (listed.end !== 'done') {
    if (/does not have any commits yet|bad default revision/.test(listed.message))
      return { commits: [], truncated: false };
    throw gitError(listed, 'Reading the log');
  }
  const commits = text(listed)
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => {
      const [hash = '', author = '', time = '', ...subject] = record.split('\x1f');
      return { hash, author, time, subject: subject.join(' ') };
    });
  return { commits: commits.slice(0, MAX_COMMITS), truncated: commits.length > MAX_COMMITS };
}
