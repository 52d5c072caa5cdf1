// Sealed acceptance tests: of what they say only test name, signal and time may leave the workspace.
import type { Diagnostic } from '@genrtl/contracts';
import { signalOf } from './fold.ts';

export interface Seal {
  /** true for files of the sealed tests */
  readonly isSealed: (file: string) => boolean;
  /** absolute folders whose names must not appear either */
  readonly folders: readonly string[];
  /**
   * the failing run is an acceptance test: whatever has no place in the design's own files came from the sealed test
   */
  readonly acceptance: boolean;
}

export const NO_SEAL: Seal = { isSealed: () => false, folders: [], acceptance: false };

/** Rebuilds every finding that could carry text of a sealed test from the three facts that may be told. */
export function sealDiagnostics(diagnostics: readonly Diagnostic[], seal: Seal): Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const mentions = seal.folders.some((folder) => folder !== '' && diagnostic.message.includes(folder));
    const inSealed = diagnostic.file !== undefined && seal.isSealed(diagnostic.file);
    const nowhere = seal.acceptance && diagnostic.file === undefined;
    const related = diagnostic.related?.filter(
      (each) => !seal.isSealed(each.file) && !seal.folders.some((folder) => each.message.includes(folder)),
    );
    if (inSealed || nowhere || mentions) return reduced(diagnostic);
    if (related === undefined || related.length === diagnostic.related?.length) return diagnostic;
    const { related: _all, ...rest } = diagnostic;
    return related.length > 0 ? { ...rest, related } : rest;
  });
}

function reduced(diagnostic: Diagnostic): Diagnostic {
  const signal = signalOf(diagnostic);
  const safe = signal !== null && /^[\w.$[\]:\\]+$/.test(signal) ? signal : null;
  return {
    tool: diagnostic.tool,
    severity: diagnostic.severity,
    code: 'ACCEPTANCE',
    message: safe === null ? acceptanceName(diagnostic) : `acceptance test: FAIL signal=${safe}`,
    ...(diagnostic.time === undefined ? {} : { time: diagnostic.time }),
  };
}

/** The job itself writes `acceptance test <name>[: <signal> is wrong]`; anything else becomes one plain sentence. */
function acceptanceName(diagnostic: Diagnostic): string {
  const own =
    diagnostic.code === 'ACCEPTANCE' &&
    diagnostic.file === undefined &&
    /^acceptance test [\w.-]{1,100}(?:: [\w.$[\]:\\]{1,200} is wrong| failed)$/.test(diagnostic.message);
  return own ? diagnostic.message : 'an acceptance test failed';
}
