// Waivers of findings: which finding each one passes, and what became of it.
import type { Diagnostic, FindingWaiver, WaiverUse } from '@genrtl/contracts';
import { globMatcher, wildcardMatcher } from './glob.ts';
import type { Matcher } from './glob.ts';

interface Prepared {
  readonly waiver: FindingWaiver;
  readonly expired: boolean;
  readonly file: Matcher | null;
  readonly code: Matcher | null;
  readonly text: Matcher | null;
  count: number;
}

/** Waivers of one check over one run. `today`: `2027-03-31`; a waiver holds to the end of its last day. */
export class FindingWaivers {
  readonly #waivers: readonly Prepared[];

  constructor(waivers: readonly FindingWaiver[], today: string) {
    this.#waivers = waivers.map((waiver) => ({
      waiver,
      expired: waiver.expires !== undefined && waiver.expires < today,
      file: waiver.file === undefined ? null : globMatcher(waiver.file),
      code: waiver.code === undefined ? null : wildcardMatcher(waiver.code),
      text: waiver.text === undefined ? null : wildcardMatcher(`*${waiver.text}*`),
      count: 0,
    }));
  }

  /**
   * True for a finding that some waiver in force passes; counts it there. An expired one counts, and passes nothing.
   */
  passes(diagnostic: Diagnostic): boolean {
    let passed = false;
    for (const prepared of this.#waivers) {
      if (!fits(prepared, diagnostic) || (passed && !prepared.expired)) continue;
      prepared.count += 1;
      passed ||= !prepared.expired;
    }
    return passed;
  }

  uses(): WaiverUse[] {
    return this.#waivers.map(({ waiver, expired, count }) => ({
      reason: waiver.reason,
      owner: waiver.owner ?? null,
      what: described(waiver),
      count,
      state: expired ? 'expired' : count > 0 ? 'used' : 'unused',
    }));
  }
}

function fits({ waiver, file, code, text }: Prepared, diagnostic: Diagnostic): boolean {
  if (file !== null && (diagnostic.file === undefined || !file(diagnostic.file))) return false;
  if (code !== null && (diagnostic.code === undefined || !code(diagnostic.code))) return false;
  if (text !== null && !text(diagnostic.message.replaceAll('\n', ' '))) return false;
  const { line } = waiver;
  if (line === undefined) return true;
  const [from, to] = typeof line === 'number' ? [line, line] : line;
  return diagnostic.line !== undefined && from <= diagnostic.line && diagnostic.line <= to;
}

/** `rtl/x.sv:12 UNUSEDSIGNAL "text"` */
function described({ file, line, code, text }: FindingWaiver): string {
  const place = `${file ?? ''}${line === undefined ? '' : `:${typeof line === 'number' ? line : line.join('-')}`}`;
  return [place, code, text === undefined ? undefined : JSON.stringify(text)].filter(Boolean).join(' ');
}

/** What a person should do about waivers that passed nothing or are out of date, as findings. */
export function waiverFindings(uses: readonly WaiverUse[], file: string | null): Diagnostic[] {
  return uses.flatMap((use): Diagnostic[] => {
    if (use.state === 'used') return [];
    const owner = use.owner === null ? '' : `, of ${use.owner}`;
    return [
      {
        tool: 'genrtl',
        severity: 'warning',
        code: use.state === 'expired' ? 'WAIVER_EXPIRED' : 'WAIVER_UNUSED',
        message:
          use.state === 'expired'
            ? `The waiver of ${use.what} (${use.reason}${owner}) has expired; it would pass ${use.count}.`
            : `The waiver of ${use.what} (${use.reason}${owner}) passes nothing any more.`,
        ...(file === null ? {} : { file }),
      },
    ];
  });
}
