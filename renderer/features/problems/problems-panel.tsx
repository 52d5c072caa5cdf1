// All findings of all tools: filter by severity, tool and text; Enter or a click goes to the line. Draws only the rows
// that are seen.
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  AlertTriangle,
  AudioWaveform,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  Info,
  MessageSquareText,
  OctagonX,
  Wrench,
} from 'lucide-react';
import type { AskContext } from '@genrtl/contracts/ask.ts';
import type { Diagnostic, Severity } from '@genrtl/contracts';
import { useLiveFindings } from '../../state/live-findings.ts';
import { useChecked, useProblems } from '../../state/problems.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { Empty, IconButton } from '@genrtl/ui/controls.tsx';
import { useRows } from '@genrtl/ui/use-rows.ts';
import { PathText } from '@genrtl/ui/path-text.tsx';
import { failureOf, showInWaves } from '../waves/failures.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { useLiveLint } from '../language/live-lint.ts';
import { askAbout } from '../ask/ask-store.ts';
import { ExplainDialog } from './explain-dialog.tsx';
import { explain, useExplained } from './explain-store.ts';
import { fixBlockedBy, useFix } from './fix.ts';

const ROW_PX = 26;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
const GLYPHS = { error: OctagonX, warning: AlertTriangle, info: Info } as const;

export function goTo(found: Diagnostic, workspace: string | null): void {
  // a time leads to the waveform, a place to the source; with both, the waveform has the last word
  if (found.file !== undefined) {
    const path = workspace === null ? found.file : (relativePath(workspace, found.file) ?? found.file);
    openFile(path, {
      ...(found.line === undefined ? {} : { line: found.line }),
      ...(found.column === undefined ? {} : { column: found.column }),
    });
  }
  // last: both rooms stand in one group, and the later one is in front
  const failure = failureOf(found);
  if (failure !== null) showInWaves(failure);
}

export function ProblemsPanel() {
  const { t } = useTranslation();
  const problems = useProblems();
  const checked = useChecked();
  const typed = useLiveFindings((store) => store.lint);
  const live = useMemo(() => new Set(typed), [typed]);
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const [hidden, setHidden] = useState<ReadonlySet<Severity>>(new Set());
  const [tool, setTool] = useState('');
  const [file, setFile] = useState('');
  const explained = useExplained((store) => store.found);
  const fix = useFix();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.toLowerCase());
  const scroller = useRef<HTMLDivElement>(null);
  const counts = useMemo(() => Object.groupBy(problems, (found) => found.severity), [problems]);
  const tools = useMemo(() => [...new Set(problems.map((found) => found.tool))].sort(), [problems]);
  const files = useMemo(
    () => [...new Set(problems.flatMap((found) => (found.file === undefined ? [] : [found.file])))].sort(),
    [problems],
  );
  const shown = useMemo(
    () =>
      problems.filter(
        (found) =>
          !hidden.has(found.severity) &&
          (tool === '' || found.tool === tool) &&
          (file === '' || found.file === file) &&
          (wanted === '' || `${found.message} ${found.file ?? ''} ${found.code ?? ''}`.toLowerCase().includes(wanted)),
      ),
    [problems, hidden, tool, file, wanted],
  );
  const rows = useRows({ count: shown.length, scroller, height: ROW_PX });

  return (
    <div className="problems">
      <div className="panel-tools">
        {SEVERITIES.map((severity) => {
          const Glyph = GLYPHS[severity];
          const count = counts[severity]?.length ?? 0;
          return (
            <button
              key={severity}
              type="button"
              className={`filter filter-${severity}`}
              aria-pressed={!hidden.has(severity)}
              onClick={() =>
                setHidden((before) =>
                  before.has(severity)
                    ? new Set([...before].filter((other) => other !== severity))
                    : new Set([...before, severity]),
                )
              }
            >
              <Glyph size={13} aria-hidden />
              {t(`severity.${severity}`)} <b>{count}</b>
            </button>
          );
        })}
        <select aria-label={t('problems.tool')} value={tool} onChange={(event) => setTool(event.target.value)}>
          <option value="">{t('problems.allTools')}</option>
          {tools.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <select aria-label={t('problems.file')} value={file} onChange={(event) => setFile(event.target.value)}>
          <option value="">{t('problems.allFiles')}</option>
          {files.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <input
          type="search"
          placeholder={t('problems.filter')}
          aria-label={t('problems.filter')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <LiveNote />
      </div>
      {shown.length === 0 ? (
        <Empty
          icon={checked ? CircleCheck : CircleDashed}
          title={t(problems.length > 0 ? 'problems.noneShown' : checked ? 'problems.none' : 'problems.nothingChecked')}
        >
          {checked || problems.length > 0 ? null : t('problems.nothingCheckedNote')}
        </Empty>
      ) : (
        <div ref={scroller} className="problem-scroll">
          <ul style={{ height: rows.getTotalSize() }} className="problem-list">
            {rows.getVirtualItems().map((row) => {
              const found = shown[row.index];
              return found === undefined ? null : (
                <li
                  key={row.key}
                  className="problem-row"
                  style={{ transform: `translateY(${row.start}px)`, height: ROW_PX }}
                >
                  <ProblemRow found={found} live={live.has(found)} onOpen={() => goTo(found, workspace)} />
                  <div className="problem-acts">
                    <WaveButton found={found} />
                    <IconButton label={t('problems.explain')} icon={CircleHelp} onClick={() => explain(found)} />
                    <IconButton
                      label={t('ask.about')}
                      icon={MessageSquareText}
                      onClick={() => askAbout(aboutFinding(found, workspace))}
                    />
                    {fixBlockedBy(found, fix) === null ? (
                      <IconButton label={t('problems.fix')} icon={Wrench} onClick={() => fix.start(found)} />
                    ) : null}
                  </div>
                </li>
              );
            })}
          </ul>
        </div>
      )}
      {explained === null ? null : <ExplainDialog found={explained} fix={fix} onClose={() => explain(null)} />}
    </div>
  );
}

/** With its path in the workspace, as the files of its context are named. */
export function aboutFinding(found: Diagnostic, workspace: string | null): AskContext {
  const file =
    found.file === undefined || workspace === null ? found.file : (relativePath(workspace, found.file) ?? found.file);
  return { kind: 'problem', finding: { ...found, ...(file === undefined ? {} : { file }) } };
}

/** A finding with a time can be looked at in the waveform. */
function WaveButton({ found }: { readonly found: Diagnostic }) {
  const { t } = useTranslation();
  const failure = failureOf(found);
  return failure === null ? null : (
    <IconButton label={t('waves.show')} icon={AudioWaveform} onClick={() => showInWaves(failure)} />
  );
}

/** What the linter does while somebody types, and why it does nothing. */
function LiveNote() {
  const { t } = useTranslation();
  const state = useLiveLint((store) => store.state);
  const text = ((): string => {
    switch (state.kind) {
      case 'idle':
        return '';
      case 'done':
        return t(state.cut === 0 ? 'liveLint.done' : 'liveLint.cut', {
          title: state.title,
          count: state.count,
          cut: state.cut,
        });
      case 'failed':
        return state.error.code === 'TOOL_MISSING'
          ? t('liveLint.missing')
          : state.error.code === 'NOT_FOUND'
            ? t('liveLint.outside')
            : t('liveLint.failed', { reason: state.error.message });
      default:
        return t(`liveLint.${state.kind}`);
    }
  })();
  return (
    <span className="problems-live muted" role="status" title={text}>
      {text}
    </span>
  );
}

interface ProblemRowProps {
  readonly found: Diagnostic;
  /** of a text that is being typed */
  readonly live: boolean;
  readonly onOpen: () => void;
}

function ProblemRow({ found, live, onOpen }: ProblemRowProps) {
  const { t } = useTranslation();
  const Glyph = GLYPHS[found.severity];
  const place = found.file === undefined ? '' : `${found.file}${found.line === undefined ? '' : `:${found.line}`}`;
  return (
    <button
      type="button"
      className={`problem problem-${found.severity}`}
      onClick={onOpen}
      title={`${found.message}\n${place}`}
    >
      <Glyph size={14} aria-hidden />
      <span className="problem-message">{found.message}</span>
      {found.time === undefined ? null : <span className="problem-time">@ {found.time}</span>}
      {live ? (
        <span className="problem-live" title={t('liveLint.chipNote')}>
          {t('liveLint.chip')}
        </span>
      ) : null}
      <span className="problem-code">
        {found.tool}
        {found.code === undefined ? '' : ` ${found.code}`}
      </span>
      <PathText className="problem-place" path={place} />
    </button>
  );
}
