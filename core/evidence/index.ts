// Evidence of a failing run: what a repair needs to see, and nothing that must stay in the workspace. Pure.
// Reading the run folder, the sources and the waveform is main/job/evidence.
export { buildEvidence } from './build-evidence.ts';
export type { EvidenceInput, WaveWish } from './build-evidence.ts';
export { SUSPECT } from './suspects.ts';
export { isSyntaxError, isVendorRootCause, orderByCause } from './root-causes.ts';
export { NO_SEAL } from './seal.ts';
export type { Seal } from './seal.ts';
export { DesignCones } from './cones.ts';
export type { LinesByFile } from './cones.ts';
