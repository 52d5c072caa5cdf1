// What each host's own log says of errors: one table of line patterns. A host may print an error and go on as if
// nothing had happened, so a step is only as good as the lines between its request and its answer.
import type { SkillHost } from '@genrtl/contracts/skill-contract.ts';

/**
 * Patterns see one line each, cut at 4,096 characters, and take linear time. `errors` are what makes a result wrong or
 * incomplete, whatever word the host uses for it: a constraint that names nothing is an error, although OpenSTA warns.
 */
export interface HostLogPatterns {
  readonly errors: readonly RegExp[];
  readonly warnings: readonly RegExp[];
  /** warnings of the host that would match `errors` and are none */
  readonly harmless: readonly RegExp[];
}

export const HOST_LOGS: Readonly<Record<SkillHost, HostLogPatterns>> = {
  // *documented*: message ids of Innovus 21; tried on the stand-in only
  innovus: {
    errors: [
      /^\*\*ERROR:/,
      // objects that a constraint names and that do not exist
      /^\*\*WARN: \((?:TCLCMD-513|TCLNL-330|SDC-202)\)/,
      // cells of the netlist without a definition, modules taken for empty
      /^\*\*WARN: \((?:IMPDB-2504|IMPVL-346|IMPVL-159|IMPECO-560)\)/,
    ],
    warnings: [/^\*\*WARN:/],
    harmless: [],
  },
  // Yosys 0.23 to 0.55; a real error ends it, these are the constructs that it leaves out or elaborates otherwise
  yosys: {
    errors: [
      /(?:^|: )ERROR: /,
      /^(?:Warning: )?(?:Ignoring|Skipping) module .* (?:because|as) it contains/,
      /Warning: Complex (?:async reset|write enable)/,
      /Warning: Initialization value on FSM state register is ignored/,
      /Warning: (?:Failed to import cell|Can't create SAT model)/,
      /^Warning: Ignoring partially selected module/,
    ],
    warnings: [/(?:^|: )Warning: /],
    harmless: [],
  },
  // OpenSTA 2.0 to 2.6 (numbers behind the word) and OpenROAD's form in brackets
  opensta: {
    errors: [
      /^Error[ \d]*: /,
      /^\[(?:ERROR|CRITICAL)\b/,
      /^(?:Warning[ \d]*: |\[WARNING [^\]]*\] ).*(?:not found|black box|no commands match)/i,
      /^(?:Warning[ \d]*: |\[WARNING [^\]]*\] ).*(?:not supported|unsupported|not allowed|not a known|unknown|can ?not be|no valid objects)/i,
      /^(?:Warning[ \d]*: |\[WARNING [^\]]*\] ).*(?:must be a single|is not an? |extra positional|ignored)/i,
    ],
    warnings: [/^Warning[ \d]*: /, /^\[WARNING\b/],
    // foundry libraries name operating conditions, wire loads and pins that they do not define
    harmless: [/^(?:Warning[ \d]*: |\[WARNING [^\]]*\] )[^ ]*\.lib(?:\.gz)?,? line \d+/i],
  },
  // Magic 8.3: most failures are one sentence without a mark
  magic: {
    errors: [
      /^\** *Error(?::| in\b| on\b| reading\b| opening\b| while\b)/i,
      /^(?:Cell|File) .* couldn't be read/,
      /^(?:No such file or directory|Could not find file|Cannot (?:open|find|read)|Couldn't )/,
      /^Technology file does not exist/,
      /^Cell .* has technology ".*", but current technology is/,
      /^Creating new cell/,
      /^(?:Unknown|Unrecognized|Bad|Illegal|Invalid) /,
      /^File .* contained format error/,
    ],
    warnings: [/^Warning\b/i],
    harmless: [],
  },
  // Netgen 1.5
  netgen: {
    errors: [
      /^Error(?::| in\b| reading\b| opening\b| while\b)/i,
      /^Call to undefined subcircuit/,
      /^Creating placeholder cell definition/,
      /^No (?:such )?file\b/i,
      /^(?:No such|Cannot |Can't |Couldn't |Bad |Unknown |Illegal )/,
      /Cannot compare/,
    ],
    warnings: [/^Warning\b/i],
    harmless: [],
  },
  tclsh: { errors: [/^\** *error:/i], warnings: [/^\** *warn(?:ing)?:/i], harmless: [] },
};

/** What a line of a host's log is; null for everything that is no complaint. */
export function severityOf(text: string, patterns: HostLogPatterns): 'error' | 'warning' | null {
  const matches = (list: readonly RegExp[]): boolean => list.some((pattern) => pattern.test(text));
  if (matches(patterns.errors) && !matches(patterns.harmless)) return 'error';
  return matches(patterns.warnings) || matches(patterns.harmless) ? 'warning' : null;
}
