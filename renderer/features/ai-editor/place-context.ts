// What the workspace knows of the place that an answer is for: headers, packages, findings near by.
import type { ContextItem } from '@genrtl/contracts/http/ai.ts';
import { bridge } from '../../bridge/bridge.ts';
import { currentProblems } from '../../state/problems.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { hasLanguage, settleDocument } from '../language/document-sync.ts';

const NEAR_LINES = 30;
const MAX_FINDINGS = 8;

export async function contextAt(path: string, line: number, column: number): Promise<ContextItem[]> {
  const findings = currentProblems()
    .filter((one) => one.file === path && one.line !== undefined && Math.abs(one.line - line) <= NEAR_LINES)
    .slice(0, MAX_FINDINGS)
    .map((one) => `${path}:${one.line}: ${one.severity}: ${one.message}`);
  const problems: ContextItem[] =
    findings.length === 0
      ? []
      : [{ kind: 'problem', name: 'findings near the cursor', path, text: findings.join('\n') }];
  if (!hasLanguage(path)) return problems;
  try {
    await settleDocument(path);
    const workspace = useWorkspace.getState().view?.path ?? '';
    const { items } = await bridge.call('language.context', { workspace, path, line, column });
    return [...items.map((item): ContextItem => ({ kind: 'module', ...item })), ...problems];
  } catch {
    // an answer without headers is better than none
    return problems;
  }
}
