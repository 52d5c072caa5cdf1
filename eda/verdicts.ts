// Rules of a pass that adapters share. Exit codes alone never make one: they wrap (iverilog), lie (vvp, Verilator) or
// say nothing.
import type { ToolVerdict } from '@genrtl/contracts';
import type { RunFacts } from './adapter.ts';

/** Every planned command ran, ended with 0 and left what it promised. */
export function commandsSucceeded(facts: RunFacts): boolean {
  return (
    facts.commands.length === facts.planned &&
    facts.commands.every((one) => one.exitCode === 0 && one.artefactFound !== false)
  );
}

/** Every error that was found is one of the tool's own. */
const accusesItself = ({ counts, log }: RunFacts): boolean =>
  log.internalErrors > 0 && counts.error <= log.internalErrors;

/**
 * A compile, lint or synthesis passes when all commands succeeded and nothing spoke of an error. It fails when errors
 * were recognised; a failure that nobody explained is `crashed` after a signal, else `unknown`.
 */
export function buildVerdict(facts: RunFacts): ToolVerdict {
  if (accusesItself(facts)) return 'crashed';
  if (facts.counts.error > 0) return 'fail';
  if (facts.commands.some((one) => one.signal !== null)) return 'crashed';
  if (facts.log.fatalLines > 0) return 'unknown';
  return commandsSucceeded(facts) ? 'pass' : 'unknown';
}

/** What a simulator knows of its own end. */
export interface SimulationEnd {
  /** `$finish` was reached */
  readonly finished: boolean;
  /**
   * the simulator ended by a signal or code that it uses for failing assertions, so that this is no crash of the tool
   */
  readonly abortMeansFailure?: boolean;
}

/**
 * A simulation passes when it was built, `$finish` was reached, a line starts with PASS (or a UVM summary counts no
 * errors), and there is no FAIL, ERROR or FATAL. Neither PASS nor FAIL is `unknown`.
 */
export function simulationVerdict(facts: RunFacts, end: SimulationEnd): ToolVerdict {
  const built = facts.commands.filter((one) => one.role === 'build');
  const ran = facts.commands.find((one) => one.role === 'run');
  if (ran === undefined || built.some((one) => one.exitCode !== 0 || one.artefactFound === false)) {
    const verdict = buildVerdict(facts);
    return verdict === 'pass' ? 'unknown' : verdict;
  }
  const tests = facts.tests;
  if (facts.counts.error > 0 || facts.log.failLines > 0 || tests.some((test) => !test.passed)) return 'fail';
  if (uvmErrors(facts) > 0) return 'fail';
  if (ran.signal !== null && end.abortMeansFailure !== true) return 'crashed';
  if (facts.log.fatalLines > 0 || facts.log.stopLines > 0) return 'unknown';
  const said = facts.log.passLines > 0 || tests.length > 0 || uvmSummary(facts);
  return said && end.finished && ran.exitCode === 0 ? 'pass' : 'unknown';
}

const uvmSummary = (facts: RunFacts): boolean => facts.log.own['summary.UVM_ERROR'] !== undefined;
const uvmErrors = (facts: RunFacts): number =>
  (facts.log.own['summary.UVM_ERROR'] ?? 0) + (facts.log.own['summary.UVM_FATAL'] ?? 0);

/**
 * A run that ended because no licence was free waits; it says nothing of the design. Null when licences were no matter.
 */
export function licenceVerdict(facts: RunFacts): ToolVerdict | null {
  return (facts.log.own['licence.denied'] ?? 0) > 0 && !commandsSucceeded(facts) ? 'license_wait' : null;
}
