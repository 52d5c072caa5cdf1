// What a step says of itself in one line. The line is kept in English (events, command line, evidence); the app reads
// it back into its parts to say it in another language.

/** `{name}` stands for a value. A step says one of these, or free text of its own: an error's message, a title. */
export const STEP_SUMMARIES = {
  approvedByRule: 'approved by the settings',
  approved: 'approved',
  planned: '{top}: {modules} modules, {packages} packages',
  planAgrees: 'the plan agrees with the specification',
  planAgreesPartly: 'the plan agrees with what the specification states; not stated: {count} of its ports',
  planNotStated: 'the specification states no ports; not stated: {count}',
  noPackages: 'no packages',
  resolved: '{found} found, {installed} installed, {price} USD to pay',
  receipts: '{count} receipts, {price} USD',
  packages: '{count} packages',
  linkExpired: 'the download link ran out',
  files: '{count} files',
  nothingToChange: 'nothing to change',
  findings: '{errors} errors, {warnings} warnings',
  noTestbench: 'no testbench',
  tests: '{passed} of {total} passed',
  checks: '{passed} of {total} checks passed',
  checksBefore: '{passed} of {total} checks passed, {before} failed before the job',
  noAcceptance: 'no acceptance tests',
  mutants: '{killed} of {total} mutants killed',
  mutantsOf: '{killed} of {total} mutants killed, {left} not tried',
  outputsChecked: '{count} outputs looked at',
  benchWeak: 'testbench too weak in {count} points',
  stubsFail: 'stubs fail',
  stubPasses: 'a stub passes',
  stubUntried: 'no stub can be tried',
} as const;
export type StepSummaryName = keyof typeof STEP_SUMMARIES;

type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;
export type StepSummaryValues<Name extends StepSummaryName> = Record<
  Places<(typeof STEP_SUMMARIES)[Name]>,
  string | number
>;

/** The line of a step. */
export function stepSummary<Name extends StepSummaryName>(
  name: Name,
  ...[values]: [Places<(typeof STEP_SUMMARIES)[Name]>] extends [never] ? [] : [StepSummaryValues<Name>]
): string {
  const given = (values ?? {}) as Record<string, string | number>;
  return STEP_SUMMARIES[name].replaceAll(/\{(\w+)\}/g, (_whole, place: string) => String(given[place]));
}

const READERS = (Object.entries(STEP_SUMMARIES) as [StepSummaryName, string][]).map(([name, text]) => ({
  name,
  pattern: new RegExp(`^${text.replaceAll(/\{(\w+)\}/g, '(?<$1>[^ ,]+)')}$`),
}));

/** The parts of a line, or null for free text. */
export function readStepSummary(
  line: string,
): { readonly name: StepSummaryName; readonly values: Readonly<Record<string, string>> } | null {
  for (const { name, pattern } of READERS) {
    const match = pattern.exec(line);
    if (match) return { name, values: { ...match.groups } };
  }
  return null;
}
