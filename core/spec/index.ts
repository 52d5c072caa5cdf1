// Structured specs: parse, elaborate, compose. Pure: text and manifests in, data and text out.
export { parseSpec, type FreeTextSpec, type ParsedSpec, type RefusedSpec, type StructuredSpec } from './parse-spec.ts';
export { elaborateSpec, type Elaboration } from './elaborate/index.ts';
export {
  composeFiles,
  composePatch,
  composePlan,
  traceFailure,
  type ComposedFile,
  type FailureTrace,
} from './compose/index.ts';
export { writeComparison, type Comparison } from './compose/comparison.ts';
export type { Design } from './design.ts';
export type { SpecCode } from './findings.ts';
