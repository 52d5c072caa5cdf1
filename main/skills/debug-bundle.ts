// debug_bundle/: the smallest set of files that lets somebody else judge a failure offline, and repeat it without
// genRTL.
import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ContractSnapshot } from '@genrtl/contracts/skill-contract.ts';
import {
  SessionState,
  type DebugBundleIndex,
  type JobManifest,
  type SkillFailure,
} from '@genrtl/contracts/skill-run.ts';
import { SKILL_FAILURES } from '@genrtl/contracts/skill-failures.ts';
import { TCL_RESOURCES } from './catalogue.ts';
import { DB_FORMS } from './db-forms.ts';
import { HOSTS } from './hosts.ts';
import { foldersOf } from './parameters.ts';
import type { RunDir } from './run-dir.ts';
import { renderReproduce } from './scripts.ts';
import { filesBelow } from '@genrtl/disk/files-below.ts';
import { readJson } from '@genrtl/disk/records.ts';
import { openRegular, readRegular } from '@genrtl/disk/regular-file.ts';

/** Head and tail kept of a log; reports only show their head. */
const LOG_HEAD = 16 * 1024;
const LOG_TAIL = 64 * 1024;
const REPORT_HEAD = 8 * 1024;
const MAX_FILES_PER_FOLDER = 50;
const MAX_INPUTS = 1000;
const MAX_INPUT_BYTES = 32 * 1024 * 1024;
/** What sources include out of a folder. */
const HEADERS = /\.(?:svh?|vh?|inc|h|mem|hex|vhdl?)$/i;

const NOTHING_TO_REPEAT =
  '#!/bin/sh\necho "The skill’s contract could not be read, so no tool was started: see README.md."\nexit 1\n';

interface Part {
  readonly path: string;
  readonly head: number;
  readonly tail: number;
}

/** Reads at most head + tail bytes; links and other non-files give null. */
async function excerpt(file: string, part: Part): Promise<{ bytes: Buffer; truncated: boolean } | null> {
  const info = await lstat(file).catch(() => null);
  if (info === null || !info.isFile()) return null;
  const handle = await openRegular(file);
  try {
    if (info.size <= part.head + part.tail) {
      const whole = Buffer.alloc(info.size);
      await handle.read(whole, 0, info.size, 0);
      return { bytes: whole, truncated: false };
    }
    const head = Buffer.alloc(part.head);
    const tail = Buffer.alloc(part.tail);
    await handle.read(head, 0, part.head, 0);
    if (part.tail > 0) await handle.read(tail, 0, part.tail, info.size - part.tail);
    return {
      bytes: Buffer.concat([
        head,
        Buffer.from(`\n[... ${info.size - part.head - part.tail} bytes left out ...]\n`),
        tail,
      ]),
      truncated: true,
    };
  } finally {
    await handle.close();
  }
}

async function collectParts(dir: RunDir): Promise<Part[]> {
  const parts: Part[] = ['job_manifest.json', 'job_timeline.jsonl', 'contract.json'].map((name) => ({
    path: name,
    head: 256 * 1024,
    tail: LOG_TAIL,
  }));
  for (const [folder, head, tail] of [
    ['queue', 65_536, 0],
    ['ack', 65_536, 0],
    ['scripts', 262_144, 0],
    ['session', LOG_HEAD, LOG_TAIL],
    ['reports', REPORT_HEAD, 0],
  ] as const) {
    const names = (await readdir(path.join(dir.root, folder)).catch(() => []))
      .filter((name) => !name.startsWith('.'))
      .sort();
    for (const name of names.slice(0, MAX_FILES_PER_FOLDER)) {
      const whole = folder === 'session' && name.endsWith('.tcl');
      parts.push({ path: `${folder}/${name}`, head: whole ? 262_144 : head, tail });
    }
  }
  return parts;
}

/** What stands in queue/, ack/, scripts/ and reports/, links and all, since a bundle copies regular files only. */
async function listing(dir: RunDir): Promise<string> {
  const lines: string[] = [];
  for (const folder of ['queue', 'ack', 'scripts', 'reports', 'session', 'work']) {
    for (const name of (await readdir(path.join(dir.root, folder)).catch(() => [])).sort().slice(0, 500)) {
      const info = await lstat(path.join(dir.root, folder, name)).catch(() => null);
      if (info === null) continue;
      const kind = info.isFile() ? 'file' : info.isDirectory() ? 'folder' : info.isSymbolicLink() ? 'link' : 'special';
      lines.push(`${kind.padEnd(8)}${String(info.size).padStart(12)}  ${folder}/${name}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

interface InputCopy {
  readonly from: string;
  /** in the bundle; null: not copied, for the reason */
  readonly to: string | null;
  readonly reason: string;
  readonly bytes: Buffer | null;
}

/** What the job read of the person's: files of the parameters, headers in folders, databases that are files. */
async function inputFiles(dir: RunDir, manifest: JobManifest): Promise<{ from: string; folder: string | null }[]> {
  const contract = await readJson(dir.contract, ContractSnapshot).catch(() => null);
  const found = Object.keys(manifest.inputs).map((from) => ({ from, folder: null as string | null }));
  for (const folder of contract === null ? [] : foldersOf(contract.contract.parameters, manifest.parameters)) {
    const below = await filesBelow(folder).catch(() => []);
    for (const name of below
      .map((file) => file.path)
      .filter((each) => HEADERS.test(each))
      .sort())
      found.push({ from: path.join(folder, name), folder });
  }
  const { selected } = manifest.locator;
  if (selected !== null && DB_FORMS[selected.form].selfContained)
    found.push(...Object.values(selected.files).map((from) => ({ from, folder: null })));
  return found;
}

async function copyInputs(
  dir: RunDir,
  manifest: JobManifest,
): Promise<{
  readonly files: readonly InputCopy[];
  /** places in the bundle by the paths that the scripts name: files and folders */
  readonly copies: Readonly<Record<string, string>>;
}> {
  const files: InputCopy[] = [];
  const copies: Record<string, string> = {};
  const folders: string[] = [];
  let left = MAX_INPUT_BYTES;
  for (const { from, folder } of await inputFiles(dir, manifest)) {
    const skip = (reason: string): void => {
      files.push({ from, to: null, reason, bytes: null });
    };
    if (files.length >= MAX_INPUTS) {
      skip(`more than ${MAX_INPUTS} files`);
      continue;
    }
    const size = await stat(from).then(
      (info) => info.size,
      () => null,
    );
    if (size !== null && size > left) {
      skip(`the bundle holds at most ${MAX_INPUT_BYTES / 1024 / 1024} MiB of inputs`);
      continue;
    }
    const bytes = await readRegular(from).catch(() => null);
    if (bytes === null) {
      skip('it cannot be read any more');
      continue;
    }
    left -= bytes.length;
    if (folder !== null && !folders.includes(folder)) folders.push(folder);
    const to =
      folder === null
        ? `inputs/${files.length}/${path.basename(from)}`
        : `inputs/folder${folders.indexOf(folder)}/${path.relative(folder, from).replaceAll(path.sep, '/')}`;
    files.push({ from, to, reason: '', bytes });
    if (folder === null) copies[from] = to;
    else copies[folder] = `inputs/folder${folders.indexOf(folder)}`;
  }
  return { files, copies };
}

function readMe(manifest: JobManifest, error: SkillFailure, inputs: readonly InputCopy[]): string {
  const entry = SKILL_FAILURES[error.error_type];
  return [
    `# ${error.error_type} in ${error.state}`,
    '',
    error.message,
    '',
    `- Meaning: ${entry.meaning}`,
    `- Typical cause: ${entry.cause}`,
    `- Look first at: ${entry.look}`,
    `- Try again: ${{ no: 'no', after_fix: 'after mending the cause', yes: 'yes, it may go away' }[entry.retry]}`,
    `- Evidence: ${error.evidence_paths.join(', ') || 'job_timeline.jsonl'}`,
    '',
    `Skill ${manifest.skill.name} ${manifest.skill.version ?? ''} on ${manifest.skill.host === null ? '(host not known)' : HOSTS[manifest.skill.host].title} ${manifest.versions.tool ?? '(version not known)'}, design ${manifest.design}.`,
    `Job ${manifest.job_id}, genRTL ${manifest.versions.genrtl}, ${os.type()} ${os.release()} ${os.arch()}.`,
    '',
    ...(inputs.length === 0
      ? []
      : [
          '## Inputs',
          '',
          'What the job read, as it was when the bundle was made; `reproduce.sh` uses the copies.',
          '',
          ...inputs.map(
            (each) => `- \`${each.from}\`: ${each.to === null ? `not copied, ${each.reason}` : `\`${each.to}\``}`,
          ),
          '',
        ]),
    'Repeat it without genRTL: `sh reproduce.sh`. Long logs are cut in the middle; listing.txt names every file that the run left.',
    '',
  ].join('\n');
}

export async function isBundleComplete(dir: RunDir): Promise<boolean> {
  return lstat(path.join(dir.bundle, 'index.json')).then(
    (info) => info.isFile(),
    () => false,
  );
}

/** Builds beside and renames, so that a bundle is whole or not there. An existing whole bundle stays as it is. */
export async function writeDebugBundle(dir: RunDir, manifest: JobManifest, error: SkillFailure): Promise<void> {
  if (await isBundleComplete(dir)) return;
  const temporary = `${dir.bundle}.partial`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
  const files: DebugBundleIndex['files'] = [];
  const put = async (name: string, bytes: Buffer, truncated = false): Promise<void> => {
    const target = path.join(temporary, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, bytes, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
    files.push({
      path: name,
      size_bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      truncated,
    });
  };
  for (const part of await collectParts(dir)) {
    const cut = await excerpt(path.join(dir.root, part.path), part);
    if (cut !== null) await put(part.path, cut.bytes, cut.truncated);
  }
  const host = manifest.skill.host === null ? null : HOSTS[manifest.skill.host];
  await put('listing.txt', Buffer.from(await listing(dir)));
  const inputs = await copyInputs(dir, manifest);
  for (const each of inputs.files) if (each.to !== null && each.bytes !== null) await put(each.to, each.bytes);
  await put('README.md', Buffer.from(readMe(manifest, error, inputs.files)));
  if (host === null) {
    await put('reproduce.sh', Buffer.from(NOTHING_TO_REPEAT));
  } else {
    const tool =
      (await recordedTool(dir, manifest.launcher)) ?? manifest.settings.tool ?? host.executables[0] ?? host.id;
    await put('reproduce.sh', Buffer.from(renderReproduce(manifest, host, tool, inputs.copies)));
    if (!files.some((file) => file.path === 'session/queue_processor.tcl'))
      await put('session/queue_processor.tcl', await readRegular(path.join(TCL_RESOURCES, 'queue_processor.tcl')));
  }
  const index: DebugBundleIndex = {
    schema_version: 1,
    job_id: manifest.job_id,
    error,
    created_at: new Date().toISOString(),
    files,
  };
  await writeFile(path.join(temporary, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
  await rm(dir.bundle, { recursive: true, force: true });
  await rename(temporary, dir.bundle);
}

/** The executable that the session was started with, or null when there was none or a scheduler started it. */
async function recordedTool(dir: RunDir, launcher: JobManifest['launcher']): Promise<string | null> {
  const text = await readRegular(path.join(dir.session, 'state.json'), 'utf8').catch(() => '');
  if (text === '' || launcher.id !== 'local') return null;
  const state = SessionState.safeParse(JSON.parse(text));
  return state.success ? (state.data.argv[0] ?? null) : null;
}
