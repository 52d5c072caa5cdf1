// One simulation of the workspace with waveforms, without a job; what it left is shown.
import { bridge } from '../../bridge/bridge.ts';
import { useNotices } from '../../state/notice-store.ts';
import { pickTop, topsOf } from './top-picker.tsx';
import { useWaves } from './wave-store.ts';

/** Where several testbenches could run, the person is asked. Throws CallError when the tool is missing. */
export async function simulateWithWaves(workspace: string): Promise<void> {
  const simulate = (top?: string) =>
    bridge.call('tools.run', {
      workspace,
      tool: null,
      action: 'simulate',
      waves: true,
      ...(top === undefined ? {} : { top }),
    });
  const result = await simulate().catch(async (error: unknown) => {
    const tops = topsOf(error);
    if (tops === null) throw error;
    const top = await pickTop(tops);
    return top === null ? null : simulate(top);
  });
  if (result === null) return;
  const { findFiles, openFile } = useWaves.getState();
  await findFiles(workspace);
  const finding = result.diagnostics.find((found) => found.severity === 'error');
  if (!result.passed) useNotices.getState().add({ tone: 'error', text: finding?.message ?? result.verdict });
  // A design that does not compile leaves no waveform.
  if (result.waves !== null && useWaves.getState().files.some((file) => file.path === result.waves))
    await openFile(result.waves);
}
