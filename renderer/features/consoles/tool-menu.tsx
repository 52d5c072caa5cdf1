// Consoles of tools that talk: opens a shell and starts the tool's own prompt in it.
import { useTranslation } from 'react-i18next';
import type { ToolInfo } from '@genrtl/contracts';
import { useCall } from '../../bridge/use-call.ts';
import { run } from '../../state/notice-store.ts';
import { useConsoles } from './console-store.ts';

/** Arguments that give an interactive prompt, by tool. */
const PROMPTS: Readonly<Partial<Record<ToolInfo['id'], string>>> = {
  yosys: '',
  vivado: '-mode tcl -nolog -nojournal',
  questa: '-c',
  quartus: '-s',
};

const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`;

export function ToolMenu() {
  const { t } = useTranslation();
  const open = useConsoles((store) => store.open);
  const found = useCall('tools.list', {}).data?.tools ?? [];
  const tools = found.filter((tool) => tool.found && PROMPTS[tool.id] !== undefined);
  if (tools.length === 0) return null;
  return (
    <select
      aria-label={t('consoles.tool')}
      value=""
      onChange={(event) => {
        const tool = tools.find((candidate) => candidate.id === event.target.value);
        if (tool?.path == null) return;
        const command = `${quoted(tool.path)} ${PROMPTS[tool.id] ?? ''}`.trim();
        run(() => open({ beside: false, title: tool.title, command }));
      }}
    >
      <option value="">{t('consoles.tool')}</option>
      {tools.map((tool) => (
        <option key={tool.id} value={tool.id}>
          {tool.title}
        </option>
      ))}
    </select>
  );
}
