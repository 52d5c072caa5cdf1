// What adapters build their parsers from.
export { colonPlace, isDigitAt, isPath, parenPlace, placeFields, readNumber } from './location.ts';
export { failureOf, readBenchLine } from './bench-lines.ts';
export { countedAsZero } from './tally.ts';
export { DiagnosticCollector, MAX_DIAGNOSTICS, relativePath } from './collector.ts';
export type { DiagnosticCounts } from './collector.ts';
export { feedLines } from './lines.ts';
export { INTERNAL_CODE } from './internal.ts';
export { LicenceWatch } from './licence.ts';
export { PendingDiagnostic } from './pending.ts';
