// What every editor has of the AI module once it stands: suggestions, and Escape for what runs.
import { useLink } from '../../state/link-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { monaco } from '../editor/monaco.ts';
import { useAi } from './ai-store.ts';
import { registerGhostText } from './ghost-provider.ts';
import { refreshModel } from './model-state.ts';

type Editor = ReturnType<typeof monaco.editor.create>;

let registered = false;

function register(): void {
  if (registered) return;
  registered = true;
  registerGhostText();
  const settings = (): unknown => {
    const { settings: now } = useSettings.getState();
    return JSON.stringify([
      now?.model,
      now?.openai_base_url,
      now?.anthropic_base_url,
      now?.model_servers,
      now?.default_model,
      now?.model_prices,
    ]);
  };
  let before = settings();
  useSettings.subscribe(() => {
    if (before === settings()) return;
    before = settings();
    void refreshModel();
  });
  useLink.subscribe((now, then) => {
    if (now.backend === 'ready' && then.backend !== 'ready') void refreshModel();
  });
  void refreshModel();
}

export function attachTo(editor: Editor): monaco.IDisposable {
  register();
  const key = editor.onKeyDown((event) => {
    const { edit, controls } = useAi.getState();
    if (event.keyCode !== monaco.KeyCode.Escape || edit === null || controls === null) return;
    event.preventDefault();
    event.stopPropagation();
    controls.stop();
  });
  return key;
}
