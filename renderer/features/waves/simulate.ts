// One simulation of the workspace with waveforms, without a job; what it left is shown.
import { bridge } from '../../bridge/bridge.ts';
import { useNotices } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useWaves } from './wave-store.ts';

/** Throws CallError when the tool is missing or the top cannot be told. */
export async function simulateWithWaves(workspace: string): Promise<void> {
  const tool = useSettings.getState().settings?.sim_tool ?? 'icarus';
  const result = await bridge.call('tools.run', { workspace, tool, action: 'simulate', waves: true });
  const { findFiles, openFile } = useWaves.getState();
  await findFiles(workspace);
  const finding = result.diagnostics.find((found) => found.severity === 'error');
  if (!result.passed)
    useNotices.getState().add({ tone: 'error', text: finding?.message ?? `${tool}: ${result.verdict}` });
  // A design that does not compile leaves no waveform.
  if (result.waves !== null && useWaves.getState().files.some((file) => file.path === result.waves))
    await openFile(result.waves);
}
