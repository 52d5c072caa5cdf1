// Orders findings so that causes come before what they cause, and tells when the cause lies in a purchased package.
import type { Diagnostic } from '@genrtl/contracts';
import { isVendorFile, packageOf } from '../cbb/vendor-path.ts';

/** Lower comes first; within a rank the tool's own order holds, which is the order of files and of simulation time. */
type Rank = 0 | 1 | 2 | 3 | 4;

/** A file, package or macro that is not there makes a parser stumble later on. */
const MISSING_TEXT = [
  /cannot find (include )?file(?! containing module)/i,
  /include file .* not found/i,
  /unable to open/i,
  /no such file/i,
  /could ?n[o']t (open|find) .*file/i,
  /can't open/i,
  /package\/class '?.* not found/i,
  /package '?\S+'? (is )?not (found|defined|declared)/i,
  /unable to find package/i,
  /define or directive not defined/i,
  /macro .* (is )?(undefined|not defined)/i,
  /undefined macro/i,
];
const SYNTAX = [
  /syntax error/i,
  /near "/i,
  /unexpected token/i,
  /parse error/i,
  /token is '/i,
  /malformed statement/i,
  /invalid module item/i,
];
/** vlog/vsim, xmelab, VCS, Vivado, Quartus, Yosys, Verilator and Icarus in their own words. */
const MISSING_MODULE = [
  /unknown module type/i,
  /cannot find file containing module/i,
  /is not part of the design/i,
  /module '?\S+'? (is )?not (found|defined)/i,
  /module definition for '?\S+'? not found/i,
  /undefined (module|entity)/i,
  /design unit .* (not found|was not found)/i,
  /unresolved (module|reference)/i,
  /instantiates undefined entity/i,
  /module '?`?\S+'? .*not (declared|found|defined)/i,
];
const MISSING_MODULE_CODES = new Set([
  'MODMISSING',
  'CUVMUR',
  'URMI',
  'vsim-3033',
  'vopt-7',
  'Synth 8-439',
  '12006',
  'VRFC 10-2063',
]);
/** Sums and farewells; they name no cause. */
const CLOSING = [
  /^\s*I give up\.?/i,
  /error\(s\) during elaboration/i,
  /^exiting due to/i,
  /cannot continue/i,
  /command failed/i,
  /^aborting/i,
  /verilog \$stop/i,
  /too many errors/i,
];

export function isMissingModule(diagnostic: Diagnostic): boolean {
  return (
    MISSING_MODULE_CODES.has(diagnostic.code ?? '') || MISSING_MODULE.some((pattern) => pattern.test(head(diagnostic)))
  );
}

export function isSyntaxError(diagnostic: Diagnostic): boolean {
  return SYNTAX.some((pattern) => pattern.test(head(diagnostic)));
}

function rankOf(diagnostic: Diagnostic): Rank {
  const text = head(diagnostic);
  // a tool that stumbles names the place where it was, not the fault
  if (diagnostic.code === 'INTERNAL') return 4;
  if (CLOSING.some((pattern) => pattern.test(text))) return 4;
  if (MISSING_TEXT.some((pattern) => pattern.test(text))) return 0;
  if (isSyntaxError(diagnostic)) return 1;
  return isMissingModule(diagnostic) ? 2 : 3;
}

/** Patterns look at the start of a message only: a hostile one may be megabytes long. */
function head(diagnostic: Diagnostic): string {
  return diagnostic.message.slice(0, 500);
}

/** Errors, causes first, then warnings in their order; infos say nothing of a fault and are left out. */
export function orderByCause(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const ranked = diagnostics
    .filter((each) => each.severity === 'error')
    .map((diagnostic, at) => ({ diagnostic, at, rank: rankOf(diagnostic) }));
  const causes = ranked.filter((each) => each.rank < 4);
  // farewells are worth a line only when nothing else was said
  const kept = causes.length > 0 ? causes : ranked;
  kept.sort((a, b) => a.rank - b.rank || a.at - b.at);
  return [...kept.map((each) => each.diagnostic), ...diagnostics.filter((each) => each.severity === 'warning')];
}

/**
 * True when the first cause lies in a purchased package, which neither a model nor the person may edit. Not true for an
 * illegal parameter (the package then names a module `<its id>_<what must be>`, see the conventions of packages) and
 * not for an assertion at run time: both speak of how the package is used.
 */
export function isVendorRootCause(diagnostics: readonly Diagnostic[]): boolean {
  const [cause] = orderByCause(diagnostics);
  if (cause?.severity !== 'error' || cause.file === undefined || !isVendorFile(cause.file) || cause.time !== undefined)
    return false;
  return illegalParameter(cause) === null;
}

/** The package whose parameter check a finding is, or null. */
export function illegalParameter(diagnostic: Diagnostic): string | null {
  const id = diagnostic.file === undefined ? null : packageOf(diagnostic.file);
  return id !== null &&
    head(diagnostic).includes(`${id}_`) &&
    (isMissingModule(diagnostic) || /_must_be_/.test(head(diagnostic)))
    ? id
    : null;
}
