// One simulation of the workspace with waveforms, without a job; what it left is shown.
import { useNotices } from '../../state/notice-store.ts';
import { runTool } from '../checks/run-tool.ts';
import { useWaves } from './wave-store.ts';

/**
 * Where several testbenches could run, the person is asked; false: none was chosen. Throws CallError when the tool is
 * missing.
 */
export async function simulateWithWaves(workspace: string): Promise<boolean> {
  const result = await runTool(workspace, 'simulate', true);
  if (result === null) return false;
  const { findFiles, openFile } = useWaves.getState();
  await findFiles(workspace);
  const finding = result.diagnostics.find((found) => found.severity === 'error');
  if (!result.passed) useNotices.getState().add({ tone: 'error', text: finding?.message ?? result.verdict });
  // A design that does not compile leaves no waveform.
  if (result.waves !== null && useWaves.getState().files.some((file) => file.path === result.waves))
    await openFile(result.waves);
  return true;
}
