// replay.sh of a tool run: the exact commands on the recorded inputs, in a folder of its own, and a comparison of the
// results.
import { isVendorFile } from '@genrtl/core/cbb/vendor-path.ts';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import path from 'node:path';
import type { ToolRunRecord } from '@genrtl/contracts';
import { FIXED_ENVIRONMENT } from '@genrtl/eda/runner/environment.ts';
import { sandboxWords } from '@genrtl/eda/runner/sandbox/index.ts';
import { writeAtomic } from '@genrtl/disk/records.ts';

const quote = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Sources and scripts that an adapter writes into the run folder before its first command. */
const WRITTEN_AHEAD = /\.(sv|v|vh|svh|vhd|tcl|do|ys|f|cpp)$/;

function isInside(root: string, folder: string, file: string): boolean {
  return !path.isAbsolute(file) && path.join(root, file).startsWith(folder + path.sep);
}

/** Copies the run's inputs to `inputs/` beside its logs and writes `replay.sh`. */
export async function writeReplay(
  root: string,
  runDir: string,
  record: ToolRunRecord,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const generated = record.commands
    .flatMap((command) => command.argv)
    .filter((word) => isInside(root, runDir, word) && WRITTEN_AHEAD.test(word));
  // vendor packages are immutable and known by hash, so the replay reads them where they are; everything else is kept
  const own = Object.keys(record.inputs).filter((file) => !path.isAbsolute(file) && !isVendorFile(file));
  const inputs = path.join(runDir, 'inputs');
  // of an earlier run, or made by the run itself
  await rm(inputs, { recursive: true, force: true });
  for (const file of new Set([...own, ...generated])) {
    if (!existsSync(path.join(root, file))) continue;
    const kept = path.join(inputs, file);
    await mkdir(path.dirname(kept), { recursive: true });
    await copyFile(path.join(root, file), kept);
  }
  const words = await sandboxWords({
    workspace: root,
    runDir,
    executables: record.commands.map(({ argv }) => argv[0] ?? ''),
    sources: Object.keys(record.inputs).map((file) => path.resolve(root, file)),
    ...(record.confinement?.network === true ? { needs: { network: 'licence' as const } } : {}),
    env,
  });
  const script = path.join(runDir, 'replay.sh');
  await writeAtomic(script, replayScript(root, runDir, record, words));
  await chmod(script, 0o755);
}

/** A word of the sandbox's command line; the workspace may lie elsewhere when the script is run. */
function sandboxWord(word: string, root: string): string {
  if (word !== root && !word.startsWith(`${root}/`)) return quote(word);
  return word === root ? '"$workspace"' : `"$workspace"${quote(word.slice(root.length))}`;
}

function replayScript(root: string, runDir: string, record: ToolRunRecord, words: readonly string[] | null): string {
  const relativeRun = path.relative(root, runDir);
  const up = relativeRun
    .split(path.sep)
    .map(() => '..')
    .join('/');
  const commands = record.commands.map((command) => {
    const expected = exitOf(command);
    return [
      `( ${command.argv.map(quote).join(' ')} ) >>"$out/stdout" 2>>"$out/stderr" </dev/null; code=$?`,
      `[ "$code" = ${expected} ] || { echo "exit code $code, recorded ${expected}: ${command.argv[0] ?? ''}"; same=1; }`,
    ].join('\n');
  });
  const confine =
    words === null
      ? '  echo "No sandbox can be had here. ./replay.sh --unconfined runs it as yourself." >&2; exit 6'
      : `  exec ${words.map((word) => sandboxWord(word, root)).join(' ')} /bin/sh "$here/replay.sh" --inside`;
  return `#!/bin/sh
# Repeats ${record.action} with ${record.tool} ${record.tool_version} on the inputs kept beside this file, in a sandbox. Exits 0 when the results are the same.
here=$(cd "$(dirname "$0")" && pwd) || exit 3
workspace=$(cd "$here/${up}" && pwd) || exit 3
if [ "$1" != --inside ] && [ "$1" != --unconfined ]; then
${confine}
fi
export ${Object.entries(FIXED_ENVIRONMENT)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
out=$work/.out; mkdir -p "$out" "$work/.genRTL" "$work/${relativeRun}"
[ -d "$here/inputs" ] && cp -R "$here/inputs/." "$work/"
[ -d "$workspace/.genRTL/vendor" ] && ln -s "$workspace/.genRTL/vendor" "$work/.genRTL/vendor"
cd "$work" || exit 3
: >"$out/stdout"; : >"$out/stderr"; same=0
${commands.join('\n')}
# Times, sizes and folders of a run are no results.
clean() { sed -e "s#$work/##g" -e '/^- Verilator: \\(Built\\|cpu\\)\\|^- V e r i l a t i o n\\|walltime\\|elapsed/d' "$1"; }
for stream in stdout stderr; do
  clean "$out/$stream" >"$out/$stream.new"; clean "$here/raw_$stream.log" >"$out/$stream.old"
  cmp -s "$out/$stream.new" "$out/$stream.old" || { echo "$stream differs:"; diff "$out/$stream.old" "$out/$stream.new" | head -20; same=1; }
done
[ "$same" = 0 ] && echo "same results: ${record.verdict}"
exit "$same"
`;
}

/** As a shell sees it: 128 and the signal's number after a death by signal. */
function exitOf({ exit_code: code, signal }: ToolRunRecord['commands'][number]): string {
  if (code !== null) return String(code);
  const number = signal === null ? undefined : (constants.signals as Partial<Record<string, number>>)[signal];
  return number === undefined ? '""' : String(128 + number);
}
