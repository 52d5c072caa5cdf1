// The button that mends an error, by its code: one table for every place of the page that shows one.
import i18next from 'i18next';
import { bridge } from '../bridge/bridge.ts';
import type { Mend } from '@genrtl/ui/mends.ts';
import { useDialogs } from '../state/dialog-store.ts';
import { run } from '../state/notice-store.ts';
import { relativePath, useWorkspace } from '../state/workspace-store.ts';
import { openFile, showPanel } from '../workbench/dock-store.ts';
import type en from '../i18n/en.json';

type Label = keyof typeof en.mend;
type Code = string;

/** Of the first finding that came with the error. */
function placeOf(details: Record<string, unknown> | undefined): { line?: number } {
  const [first] = Array.isArray(details?.['diagnostics']) ? (details['diagnostics'] as { line?: number }[]) : [];
  return first?.line === undefined ? {} : { line: first.line };
}

interface Row {
  readonly label: Label;
  readonly codes: readonly Code[];
  /** false: it makes no sense where the person is now */
  possible?(details: Record<string, unknown> | undefined): boolean;
  run(details: Record<string, unknown> | undefined): void;
}

const workspace = (): string | null => useWorkspace.getState().view?.path ?? null;
const specFile = (): string | null => {
  const { view, spec } = useWorkspace.getState();
  return view === null || spec === null ? null : relativePath(view.path, spec);
};
const usage = (): void => location.assign('#/usage');
const settings = (section: string): void => useDialogs.getState().open('settings', section);

const ROWS: readonly Row[] = [
  {
    label: 'models',
    codes: [
      'SPEC_NEEDS_MODEL',
      'AI_NEEDS_MODEL',
      'MODEL_UNKNOWN',
      'MODEL_UNPRICED',
      'MODEL_AUTH',
      'MODEL_UNAVAILABLE',
      'MODEL_CONTEXT_EXCEEDED',
      'PLAN_EXCLUDES',
      'SECRET_STORE_UNAVAILABLE',
    ],
    run: () => settings('models'),
  },
  { label: 'tools', codes: ['TOOL_MISSING'], run: () => settings('tools') },
  { label: 'signIn', codes: ['UNAUTHORIZED'], run: () => useDialogs.getState().open('account') },
  { label: 'usage', codes: ['ON_DEMAND_CONSENT'], run: usage },
  {
    label: 'usage',
    codes: ['BUDGET_EXCEEDED'],
    // a job's own cap is raised at the job
    possible: (details) => details?.['limit_of'] === 'account',
    run: usage,
  },
  {
    label: 'packages',
    codes: ['CBB_NOT_FOUND', 'CBB_AMBIGUOUS', 'SPEC_CBB_NOT_FOUND', 'SPEC_CBB_AMBIGUOUS', 'VENDOR_ROOT_CAUSE'],
    possible: () => workspace() !== null,
    run: () => showPanel('cbb'),
  },
  {
    label: 'restore',
    codes: ['VENDOR_DAMAGED', 'LOCKFILE_UNREADABLE'],
    possible: () => workspace() !== null,
    run: () =>
      run(async () => {
        const root = workspace();
        if (root !== null) await bridge.call('cbb.restore', { workspace: root });
      }),
  },
  {
    label: 'project',
    codes: ['PROJECT_INVALID'],
    possible: () => workspace() !== null,
    run: (details) => openFile('genrtl.yaml', placeOf(details)),
  },
  {
    label: 'problems',
    codes: ['DESIGN_FAILED'],
    possible: () => workspace() !== null,
    run: () => showPanel('problems'),
  },
  {
    label: 'spec',
    codes: [
      'SPEC_SECTION_MISSING',
      'SPEC_TABLE',
      'SPEC_NAME_INVALID',
      'SPEC_NAME_DUPLICATE',
      'SPEC_NAME_UNKNOWN',
      'SPEC_DIRECTION',
      'SPEC_WIDTH',
      'SPEC_MULTIPLE_DRIVERS',
      'SPEC_UNDRIVEN',
      'SPEC_COMB_LOOP',
      'SPEC_PARAMETER',
      'SPEC_CHECKS_MISSING',
      'SPEC_CHECK_RESET',
      'SPEC_CHECKS_WEAK',
      'INTERFACE_CONTRADICTION',
    ],
    possible: () => specFile() !== null,
    run: (details) => {
      const file = specFile();
      if (file !== null) openFile(file, placeOf(details));
    },
  },
];

const BY_CODE = new Map(ROWS.flatMap((row) => row.codes.map((code) => [code, row] as const)));

export function mendOf(error: {
  readonly code: string;
  readonly details?: Record<string, unknown> | undefined;
}): Mend | null {
  const row = BY_CODE.get(error.code);
  if (row === undefined || row.possible?.(error.details) === false) return null;
  return { label: i18next.t(`mend.${row.label}`), run: () => row.run(error.details) };
}
