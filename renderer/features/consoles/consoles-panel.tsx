// Consoles of the workspace: shells and interactive tools, several, side by side, searchable.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChevronDown, ChevronUp, Columns2, Plus, Search, SquareTerminal, Trash2, X } from 'lucide-react';
import { run } from '../../state/notice-store.ts';
import { useLink } from '../../state/link-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Empty, IconButton } from '@genrtl/ui/controls.tsx';
import { useSize } from '@genrtl/ui/use-size.ts';
import { MAX_SPLIT, terminalOf, useConsoles } from './console-store.ts';
import { ToolMenu } from './tool-menu.tsx';
import './consoles.css';

export function ConsolesPanel() {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const epoch = useLink((store) => store.epoch);
  const { consoles, groups, shown, focused, load, open, close, show } = useConsoles();
  const [finding, setFinding] = useState(false);
  useEffect(() => {
    if (workspace !== null && epoch > 0) run(() => load(workspace));
  }, [workspace, epoch, load]);
  const group = groups[shown] ?? [];
  const titleOf = (id: string): string => consoles.find((one) => one.id === id)?.title ?? '';
  return (
    <div className="consoles">
      <div className="panel-tools">
        <div className="console-tabs" role="tablist" aria-label={t('panels.consoles')}>
          {groups.map((ids, at) => (
            <button
              key={ids.join(' ')}
              type="button"
              role="tab"
              className="console-tab"
              aria-selected={at === shown}
              onClick={() => show(at)}
            >
              <SquareTerminal size={13} aria-hidden />
              {ids.map(titleOf).join(' | ')} <span className="muted">{at + 1}</span>
            </button>
          ))}
        </div>
        <IconButton
          label={t('consoles.new')}
          icon={Plus}
          onClick={() => run(() => open({ beside: false, title: null, command: null }))}
        />
        <ToolMenu />
        <IconButton
          label={t('consoles.split')}
          icon={Columns2}
          disabled={group.length === 0 || group.length >= MAX_SPLIT}
          onClick={() => run(() => open({ beside: true, title: null, command: null }))}
        />
        <IconButton
          label={t('consoles.find')}
          icon={Search}
          pressed={finding}
          disabled={group.length === 0}
          onClick={() => setFinding(!finding)}
        />
        <IconButton
          label={t('consoles.close')}
          icon={Trash2}
          disabled={focused === null}
          onClick={() => (focused === null ? undefined : close(focused))}
        />
      </div>
      {finding && focused !== null ? <FindBar id={focused} onClose={() => setFinding(false)} /> : null}
      {group.length === 0 ? (
        <Empty icon={SquareTerminal} title={t('consoles.none')}>
          <Button icon={Plus} onClick={() => run(() => open({ beside: false, title: null, command: null }))}>
            {t('consoles.new')}
          </Button>
        </Empty>
      ) : (
        <div className="console-panes">
          {group.map((id) => (
            <Pane key={id} id={id} focused={id === focused} title={titleOf(id)} onFind={() => setFinding(true)} />
          ))}
        </div>
      )}
    </div>
  );
}

function Pane({
  id,
  focused,
  title,
  onFind,
}: {
  readonly id: string;
  readonly focused: boolean;
  readonly title: string;
  readonly onFind: () => void;
}) {
  const { ref, width, height } = useSize<HTMLDivElement>();
  const theme = useSettings((store) => store.settings?.theme);
  const focus = useConsoles((store) => store.focus);
  const find = useRef(onFind);
  find.current = onFind;
  useEffect(() => {
    const terminal = terminalOf(id);
    if (terminal === undefined || ref.current === null) return undefined;
    terminal.onFind = () => find.current();
    terminal.show(ref.current);
    return () => terminal.element.remove();
  }, [id, ref]);
  useEffect(() => terminalOf(id)?.fit(), [id, width, height]);
  useEffect(() => terminalOf(id)?.paint(), [id, theme]);
  useEffect(() => {
    if (focused) terminalOf(id)?.focus();
  }, [id, focused]);
  return (
    <div
      ref={ref}
      className={focused ? 'console-pane console-pane-on' : 'console-pane'}
      role="group"
      aria-label={title}
      onFocus={() => focus(id)}
    />
  );
}

function FindBar({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [found, setFound] = useState(true);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    field.current?.focus();
    return () => void terminalOf(id)?.find('', 'next');
  }, [id]);
  const go = (wanted: string, direction: 'next' | 'previous'): void =>
    setFound(terminalOf(id)?.find(wanted, direction) ?? false);
  return (
    <div className="console-find" role="search">
      <input
        ref={field}
        type="search"
        aria-label={t('consoles.find')}
        placeholder={t('consoles.find')}
        value={text}
        aria-invalid={!found}
        onChange={(event) => {
          setText(event.target.value);
          go(event.target.value, 'next');
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') go(text, event.shiftKey ? 'previous' : 'next');
          if (event.key === 'Escape') onClose();
        }}
      />
      <IconButton label={t('consoles.previous')} icon={ChevronUp} onClick={() => go(text, 'previous')} />
      <IconButton label={t('consoles.next')} icon={ChevronDown} onClick={() => go(text, 'next')} />
      <IconButton label={t('ui.close')} icon={X} onClick={onClose} />
    </div>
  );
}
