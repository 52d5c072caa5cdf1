// What a tool run's verdict means where it says nothing about the design.
import { GenrtlError, type ToolVerdict } from '@genrtl/contracts';

/** The error of a run that says nothing about the design; null for pass and fail. `reason`: what its log says. */
export function verdictError(
  tool: string,
  verdict: ToolVerdict,
  timeoutMs: number,
  reason: string | null = null,
): GenrtlError | null {
  switch (verdict) {
    case 'pass':
    case 'fail':
      return null;
    case 'unknown':
      return new GenrtlError(
        'TOOL_UNKNOWN_VERDICT',
        `${tool} ended without a verdict that is recognised${said(reason)}.`,
      );
    case 'timeout':
    case 'idle_timeout':
      return new GenrtlError('TOOL_TIMEOUT', `${tool} was stopped after ${Math.round(timeoutMs / 1000)} s.`);
    case 'output_limit':
      return new GenrtlError('TOOL_OUTPUT_LIMIT', `${tool} printed more than the limit and was stopped.`);
    case 'resource_limit':
      return new GenrtlError('TOOL_RESOURCE_LIMIT', `${tool} reached a bound of its sandbox and was stopped.`);
    case 'cancelled':
      return new GenrtlError('CANCELLED', 'Cancelled.');
    case 'crashed':
      return new GenrtlError('TOOL_FAILED', `${tool} crashed, which says nothing of the design${said(reason)}.`);
    case 'missing':
      return new GenrtlError('TOOL_MISSING', `${tool} is not installed.`);
    case 'license_wait':
      return new GenrtlError('LICENSE_WAIT', `${tool} got no licence within its limit.`);
  }
}

const said = (reason: string | null): string => (reason === null ? '' : `: ${reason.replace(/[.\s]+$/, '')}`);
