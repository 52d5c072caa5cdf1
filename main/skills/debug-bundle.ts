// debug_bundle/: the smallest set of files that lets somebody else judge a failure offline, and repeat it without
// genRTL.
import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  SessionState,
  SKILL_FAILURES,
  type DebugBundleIndex,
  type JobManifest,
  type SkillFailure,
} from '@genrtl/contracts';
import { TCL_RESOURCES } from './catalogue.ts';
import { HOSTS } from './hosts.ts';
import type { RunDir } from './run-dir.ts';
import { renderReproduce } from './scripts.ts';
import { openRegular, readRegular } from '@genrtl/disk/regular-file.ts';

/** Head and tail kept of a log; reports only show their head. */
const LOG_HEAD = 16 * 1024;
const LOG_TAIL = 64 * 1024;
const REPORT_HEAD = 8 * 1024;
const MAX_FILES_PER_FOLDER = 50;

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

function readMe(manifest: JobManifest, error: SkillFailure): string {
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
  await put('README.md', Buffer.from(readMe(manifest, error)));
  if (host === null) {
    await put('reproduce.sh', Buffer.from(NOTHING_TO_REPEAT));
  } else {
    const tool =
      (await recordedTool(dir, manifest.launcher)) ?? manifest.settings.tool ?? host.executables[0] ?? host.id;
    await put('reproduce.sh', Buffer.from(renderReproduce(manifest, host, tool)));
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
