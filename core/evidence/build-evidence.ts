// Composes the bundle that a repair gets: cause first, the lines behind it, the waveform around it, all within a
// budget.
import type { Diagnostic, EvidenceBundle, WaveSlice } from '@genrtl/contracts';
import { Budget } from './budget.ts';
import type { Limits } from './budget.ts';
import { baseName } from './base-name.ts';
import { DesignIndex } from './design-index.ts';
import type { IndexedSource, PackageInterface } from './design-index.ts';
import { foldRepeats } from './fold.ts';
import { redactor } from './redact.ts';
import type { Redact, RedactOptions } from './redact.ts';
import { isSyntaxError, orderByCause } from './root-causes.ts';
import { NO_SEAL, sealDiagnostics } from './seal.ts';
import type { Seal } from './seal.ts';
import { SnippetCutter } from './snippets.ts';
import type { Place } from './snippets.ts';
import {
  failingSignals,
  headerPlaces,
  misusePlaces,
  placesOf,
  suspectDiagnostic,
  suspectPlaces,
  withDrives,
} from './suspects.ts';
import { syntaxHints } from './syntax-hints.ts';
import { isVendorFile } from '../cbb/vendor-path.ts';
import { fittingWave } from './wave-fit.ts';

export interface WaveWish {
  /** names without path, the failing ones first */
  readonly signals: readonly string[];
  /** how many of them fail */
  readonly failing: number;
  /** of the first failure, as the tool or the bench printed it */
  readonly time: string;
}

export interface EvidenceInput {
  readonly jobId: string;
  /** the step that failed */
  readonly stepId: string;
  readonly tool: string;
  readonly toolVersion: string;
  readonly cmd: readonly string[];
  readonly exitCode: number | null;
  readonly diagnostics: readonly Diagnostic[];
  /** what the lint before a failing simulation found */
  readonly clues?: readonly Diagnostic[];
  /** the workspace's own sources, never sealed ones */
  readonly sources: readonly IndexedSource[];
  /** text of a package's file, of which only port declarations are shown */
  readonly vendorSource?: (file: string) => string | null;
  /** paths of testbenches among the sources: shown whole when they are what is at fault */
  readonly benches?: readonly string[];
  /** what this job changed of testbenches, in words */
  readonly benchChanges?: readonly string[];
  /** name of the design's top module */
  readonly top?: string | null;
  /** `<id>@<version>` */
  readonly installed?: readonly string[];
  /** ports of the installed packages' tops */
  readonly packages?: readonly PackageInterface[];
  readonly seal?: Seal;
  readonly redact?: RedactOptions;
  readonly limits?: Partial<Limits>;
  /** the check that a failure belongs to */
  readonly trace?: (failure: { signal: string | null; time: string | null }) => EvidenceBundle['trace'] | null;
  /** the window of the waveform around a failure; null when there is none */
  readonly waveform?: (wish: WaveWish) => Promise<WaveSlice | null>;
}

export const DEFAULT_LIMITS: Limits = { bytes: 48 * 1024, tokens: 14_000 };

const MAX_ERRORS = 40;
const MAX_WARNINGS = 20;
/** Syntax errors whose real places are looked for; later ones mostly follow from the first. */
const HINTED = 2;
/** Errors and places that go in before the waveform does. */
const FIRST = 5;
const MAX_MESSAGE_CHARS = 1200;
/** Findings whose cause is the testbench: the design is not suspected. */
const ABOUT_BENCH: ReadonlySet<string> = new Set(['BENCH_WEAK', 'BENCH_WEAKER']);
/** Findings that are not understood without the testbench. */
const SHOWS_BENCH: ReadonlySet<string> = new Set([...ABOUT_BENCH, 'BENCH_NO_FINISH']);
const MAX_CHANGES = 8;
const MAX_CHANGE_CHARS = 600;
const MAX_WAVE_SIGNALS = 24;
/** Suspects that are named; of more the places are shown as far as the budget goes. */
const MAX_SUSPECTS = 8;
const MAX_SUSPECT_PLACES = 60;

/** Never larger than its limits, never without its first error. Reads only through the input's callbacks. */
export async function buildEvidence(input: EvidenceInput): Promise<EvidenceBundle> {
  const seal = input.seal ?? NO_SEAL;
  const redact = redactor({
    ...input.redact,
    paths: [...(input.redact?.paths ?? []), ...seal.folders.map((folder) => [folder, '[sealed]'] as const)],
  });
  const open = input.sources.filter((source) => !seal.isSealed(source.path));
  const index = new DesignIndex(open, input.top ?? null, input.packages);
  const texts = new Map(open.map((source) => [source.path, source.text]));
  const cutter = new SnippetCutter((file) => {
    if (seal.isSealed(file)) return null;
    const text = isVendorFile(file) ? input.vendorSource?.(file) : texts.get(file);
    return text == null ? null : redact(text);
  });
  const findings = foldRepeats(orderByCause(sealDiagnostics(input.diagnostics, seal))).map((each) =>
    cleaned(each, redact),
  );
  const found = findings
    .filter((each) => each.severity === 'error')
    .slice(0, MAX_ERRORS)
    .map((each, at) => (at < HINTED ? withHints(each, texts) : each));
  const warnings = findings.filter((each) => each.severity === 'warning').slice(0, MAX_WARNINGS);
  const isRun = found.some((each) => each.time !== undefined);
  // a run that never ended, or ended without a word, accuses everything
  const isMute = found.every((each) => each.line === undefined && each.time === undefined);
  const signals = isRun ? failingSignals(found, index, (file, line) => cutter.lineAt(file, line)) : [];
  const clues = [...sealDiagnostics(input.clues ?? [], seal).map((each) => cleaned(each, redact)), ...warnings];
  const aboutBench = found.length > 0 && found.every(({ code }) => code !== undefined && ABOUT_BENCH.has(code));
  // a failure that names nothing of the design, as of a sealed test, accuses every output
  const named = isRun && signals.some((name) => index.knows(baseName(name)));
  const suspects =
    !aboutBench && (isRun || isMute) ? index.suspects(named ? signals : index.outputsOfTop(), clues) : [];
  const { errors, others } = withDrives(found, suspects);
  const places = suspectPlaces(suspects).slice(0, MAX_SUSPECT_PLACES);
  const waveNames = [...new Set([...signals.map(baseName), ...suspects.map(({ signal }) => signal)])];
  const [first] = found;
  const trace =
    first === undefined ? null : (input.trace?.({ signal: signals[0] ?? null, time: first.time ?? null }) ?? null);

  const bundle: EvidenceBundle = {
    job_id: input.jobId,
    step_id: input.stepId,
    tool: input.tool,
    tool_version: input.toolVersion,
    cmd: input.cmd
      .filter((word) => !seal.isSealed(word))
      .slice(0, 200)
      .map((word) => redact(word).slice(0, 300)),
    exit_code: input.exitCode,
    diagnostics: [],
    snippets: [],
    ...(trace ? { trace } : {}),
    ...(input.benchChanges === undefined || input.benchChanges.length === 0
      ? {}
      : {
          bench_changes: input.benchChanges
            .slice(0, MAX_CHANGES)
            .map((each) => redact(each).slice(0, MAX_CHANGE_CHARS)),
        }),
    notes: { cbb_installed: [...(input.installed ?? [])], policy: 'DO_NOT_EDIT_VENDOR_CBB' },
  };
  const budget = new Budget({ ...DEFAULT_LIMITS, ...input.limits });
  budget.take(bundle);
  const show = (wanted: readonly Place[]): void => {
    for (const place of wanted) cutter.show(place, (snippet) => budget.take(snippet));
  };
  takeDiagnostics(bundle.diagnostics, errors.slice(0, FIRST), budget);
  takeDiagnostics(
    bundle.diagnostics,
    others
      .slice(0, MAX_SUSPECTS)
      .map(suspectDiagnostic)
      .filter((each) => each !== null),
    budget,
  );
  if (found.some(({ code }) => code !== undefined && SHOWS_BENCH.has(code)))
    show([
      ...(input.benches ?? []).flatMap((file) => wholeFile(file, texts)),
      ...index.headerOfTop(),
      ...placesOf(errors),
    ]);
  show([
    ...placesOf(errors.slice(0, 1)),
    ...misusePlaces(errors, index),
    ...places.slice(0, FIRST),
    ...placesOf(errors.slice(1, FIRST)),
    ...headerPlaces(errors.slice(0, 1), index),
  ]);
  if (first?.time !== undefined && !seal.acceptance && input.waveform) {
    const slice = await input.waveform({
      signals: waveNames.slice(0, MAX_WAVE_SIGNALS),
      failing: signals.length,
      time: first.time,
    });
    const fitting = slice && fittingWave(slice, budget);
    if (fitting) bundle.waveform = fitting;
  }
  takeDiagnostics(bundle.diagnostics, errors.slice(FIRST), budget);
  show([...(signals.length > 0 ? index.headerOfTop() : []), ...places.slice(FIRST), ...placesOf(errors.slice(FIRST))]);
  takeDiagnostics(bundle.diagnostics, warnings, budget);
  bundle.snippets = cutter.snippets();
  return bundle;
}

function wholeFile(file: string, texts: ReadonlyMap<string, string>): Place[] {
  const text = texts.get(file);
  return text === undefined ? [] : [{ file, start: 1, end: text.split('\n').length, context: 0 }];
}

function withHints(diagnostic: Diagnostic, texts: ReadonlyMap<string, string>): Diagnostic {
  const { file, line } = diagnostic;
  const text = file === undefined ? undefined : texts.get(file);
  if (file === undefined || line === undefined || text === undefined || !isSyntaxError(diagnostic)) return diagnostic;
  const hints = syntaxHints(text, line).map((hint) => ({ file, ...hint }));
  return hints.length === 0 ? diagnostic : { ...diagnostic, related: [...(diagnostic.related ?? []), ...hints] };
}

function cleaned(diagnostic: Diagnostic, redact: Redact): Diagnostic {
  const message = redact(diagnostic.message);
  return {
    ...diagnostic,
    message: message.length > MAX_MESSAGE_CHARS ? `${message.slice(0, MAX_MESSAGE_CHARS)}…` : message,
    ...(diagnostic.file === undefined ? {} : { file: redact(diagnostic.file) }),
    ...(diagnostic.scope === undefined ? {} : { scope: redact(diagnostic.scope).slice(0, 300) }),
    ...(diagnostic.related === undefined
      ? {}
      : {
          related: diagnostic.related
            .slice(0, 8)
            .map((each) => ({ ...each, message: redact(each.message).slice(0, 300) })),
        }),
  };
}

/** The first error always goes in, shortened if need be. */
function takeDiagnostics(into: Diagnostic[], wanted: readonly Diagnostic[], budget: Budget): void {
  for (const diagnostic of wanted) {
    if (budget.take(diagnostic)) into.push(diagnostic);
    else if (into.length === 0) into.push({ ...diagnostic, message: diagnostic.message.slice(0, 200), related: [] });
  }
}
