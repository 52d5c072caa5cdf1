// Renders the scripts that a job runs. Same inputs, same bytes: no run directory, id or time in scripts/; those stand
// in session/boot.tcl.
import type { DbAssertion } from '@genrtl/contracts/skill-contract.ts';
import type { DbCandidate, JobManifest } from '@genrtl/contracts/skill-run.ts';
import { DB_FORMS } from './db-forms.ts';
import type { HostSpec } from './hosts.ts';
import { REQUEST_IDS } from './requests.ts';
import { shellWord, tclComment, tclString, tclWord, type TclValue } from './tcl-text.ts';

/**
 * Sets ::param(name) for every parameter; templates read these and are never changed themselves, so no value can become
 * code.
 */
function parameterPrologue(parameters: Readonly<Record<string, unknown>>, inputs: ReadonlySet<string>): string {
  const lines = ['catch {unset ::param}', 'array set ::param {}'];
  for (const [name, value] of Object.entries(parameters))
    lines.push(`set ::param(${name}) ${tclWord(value as TclValue, inputs)}`);
  return `${lines.join('\n')}\n`;
}

/** Restores, then asserts what the form can tell, but for what the contract does without. */
export function renderRestoreWrapper(
  candidate: DbCandidate,
  parameters: Readonly<Record<string, unknown>>,
  inputs: ReadonlySet<string>,
  notAsserted: readonly DbAssertion[],
): string {
  const spec = DB_FORMS[candidate.form];
  const note = spec.runsForeignCode
    ? 'This is the one script that runs code from outside the run directory; job_manifest.json records which.'
    : 'Reads data only.';
  return [
    tclComment(`restore_wrapper: ${candidate.form}. ${note}`),
    parameterPrologue(parameters, inputs) + spec.restore(candidate.files),
    ...Object.entries(spec.assertions)
      .filter(([assertion]) => !notAsserted.some((each) => each === assertion))
      .map(([assertion, text]) => `${tclComment(`assertion: ${assertion}`)}\n${text}`),
  ].join('\n');
}

export function renderSkillScript(
  skill: { name: string; version: string; template: string },
  design: string,
  parameters: Readonly<Record<string, unknown>>,
  inputs: ReadonlySet<string>,
): string {
  return [
    tclComment(`${skill.name} ${skill.version}: parameters, then the template as it stands in the skill`),
    `${parameterPrologue(parameters, inputs)}set ::design ${tclString(design)}`,
    tclComment('template'),
    skill.template,
  ].join('\n');
}

export interface BootSettings {
  readonly runDir: string;
  readonly jobId: string;
  readonly pollMs: number;
  readonly heartbeatMs: number;
  /** of a debug bundle: where its copies lie, by the paths of the originals */
  readonly copies?: Readonly<Record<string, string>>;
}

/** session/boot.tcl: the only script with the run directory's path in it. `source` is not used: OpenSTA replaces it. */
export function renderBoot(host: HostSpec, settings: BootSettings): string {
  return `${[
    tclComment('boot script of the session: settings, then queue_processor.tcl'),
    // Yosys and OpenSTA start with ISO 8859-1, in which other names of files do not exist
    'encoding system utf-8',
    'namespace eval ::skillpilot { variable setting }',
    'array set ::skillpilot::setting [list \\',
    `    run_dir ${tclString(settings.runDir)} job_id ${tclString(settings.jobId)} mode serve \\`,
    `    requests {${Object.values(REQUEST_IDS).join(' ')}} \\`,
    ...(Object.entries(settings.copies ?? {}).length > 0
      ? [
          `    copies [dict create ${Object.entries(settings.copies ?? {})
            .map(([from, to]) => `${tclString(from)} ${tclString(to)}`)
            .join(' ')}] \\`,
        ]
      : []),
    `    poll_ms ${settings.pollMs} heartbeat_ms ${settings.heartbeatMs} version_script ${tclString(host.versionScript)}]`,
    `set ::skillpilot_channel [open ${tclString(`${settings.runDir}/session/queue_processor.tcl`)} r]`,
    'set ::skillpilot_text [read $::skillpilot_channel]',
    'close $::skillpilot_channel',
    'uplevel #0 $::skillpilot_text',
    'unset ::skillpilot_text ::skillpilot_channel',
    '::skillpilot::main',
  ].join('\n')}\n`;
}

/**
 * reproduce.sh of a debug bundle: runs the recorded requests against the recorded scripts in a fresh folder, without
 * genRTL.
 * Needs only the tool and a POSIX shell; what the bundle has no copy of is read at its place. `copies`: places in the
 * bundle by the paths of the originals.
 */
export function renderReproduce(
  manifest: JobManifest,
  host: HostSpec,
  tool: string,
  copies: Readonly<Record<string, string>>,
): string {
  const boot = renderBoot(host, {
    runDir: '@RUN_DIR@',
    jobId: manifest.job_id,
    pollMs: manifest.settings.poll_ms,
    heartbeatMs: manifest.settings.heartbeat_ms,
    copies: Object.fromEntries(Object.entries(copies).map(([from, to]) => [from, `@BUNDLE@/${to}`])),
  });
  const argv = host.argv('../session/boot.tcl', '../session').map(shellWord);
  return `#!/bin/sh
# Repeats this job's requests outside genRTL: sh reproduce.sh [FOLDER]
# TOOL chooses another executable. The answers stand in FOLDER/ack, the reports in FOLDER/reports.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
run=\${1:-$(mktemp -d)}
tool=\${TOOL:-${shellWord(tool)}}
case $run in /*) ;; *) run=$PWD/$run ;; esac
for name in queue ack scripts reports session work; do mkdir -p "$run/$name"; done
for name in queue scripts; do
  if [ -d "$here/$name" ]; then cp -R "$here/$name/." "$run/$name/"; fi
done
cp "$here/session/queue_processor.tcl" "$run/session/queue_processor.tcl"
escape() { printf '%s' "$1" | sed -e 's/[][\\\\"$;{}]/\\\\&/g' -e 's/[\\\\&|]/\\\\&/g'; }
sed -e "s|@RUN_DIR@|$(escape "$run")|g" -e "s|@BUNDLE@|$(escape "$here")|g" >"$run/session/boot.tcl" <<'BOOT'
${boot.replace(' mode serve ', ' mode drain ')}BOOT
cd "$run/work"
code=0
"$tool" ${argv.join(' ')} </dev/null >"$run/session/stdout.log" 2>"$run/session/stderr.log" || code=$?
echo "run directory: $run"
echo "exit code: $code"
for answer in "$run"/ack/*.json; do
  [ -f "$answer" ] || { echo "no acknowledgement: the tool ended first; see $run/session/stderr.log"; continue; }
  echo "$(basename "$answer"): $(cat "$answer")"
done
`;
}
