// Whether a model is there to answer, asked once and again when settings or keys changed.
import { bridge } from '../../bridge/bridge.ts';
import { useAi } from './ai-store.ts';

let asking: Promise<void> | null = null;

export function refreshModel(): Promise<void> {
  asking ??= bridge
    .call('ai.config', {})
    .then(
      ({ defaultModel }) => useAi.setState({ hasModel: defaultModel !== null }),
      // no backend: no answer
      () => useAi.setState({ hasModel: false }),
    )
    .finally(() => {
      asking = null;
    });
  return asking;
}
