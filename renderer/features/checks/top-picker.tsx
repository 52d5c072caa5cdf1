// Where several modules are uninstantiated a person says which one is meant.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { Play } from 'lucide-react';
import { Button } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import type { ToolRunAction } from '../../state/tool-runs.ts';
import { errorBody } from '../../bridge/call-error.ts';

interface Question {
  readonly action: ToolRunAction;
  readonly tops: readonly string[];
  readonly answer: (top: string | null) => void;
}

const useQuestion = create<{ readonly question: Question | null }>()(() => ({ question: null }));

/** Null: the error asks for no top. */
export function topsOf(error: unknown): string[] | null {
  const tops = errorBody(error).details?.['tops'];
  if (!Array.isArray(tops)) return null;
  const names = tops.filter((top): top is string => typeof top === 'string');
  return names.length > 0 ? names : null;
}

/** Null: the person chose none. */
export function pickTop(tops: readonly string[], action: ToolRunAction): Promise<string | null> {
  useQuestion.getState().question?.answer(null);
  return new Promise((resolve) =>
    useQuestion.setState({
      question: {
        tops,
        action,
        answer: (top) => {
          useQuestion.setState({ question: null });
          resolve(top);
        },
      },
    }),
  );
}

export function TopPicker() {
  const question = useQuestion((store) => store.question);
  return question === null ? null : <Picker key={question.tops.join()} {...question} />;
}

function Picker({ tops, action, answer }: Question) {
  const { t } = useTranslation();
  const [top, setTop] = useState(tops[0] ?? '');
  return (
    <Dialog
      title={t(action === 'simulate' ? 'toolRun.whichBench' : 'toolRun.whichTop')}
      size="small"
      onClose={() => answer(null)}
      footer={
        <Button tone="primary" icon={Play} onClick={() => answer(top)}>
          {t(`toolRun.actions.${action}`)}
        </Button>
      }
    >
      <label className="field">
        <span>{t('toolRun.topNote')}</span>
        <select value={top} onChange={(event) => setTop(event.target.value)}>
          {tops.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    </Dialog>
  );
}
