// All tools that agents may call, one line each. None runs Tcl or a shell command that the agent wrote.
import type { AgentTool } from '../define-tool.ts';
import { cbbSearch } from './cbb.ts';
import { lint, simulate, toolsList } from './eda-tools.ts';
import { diagnose, wavesQuery, wavesSignals } from './logs-and-waves.ts';
import { checksRun, projectShow } from './project.ts';
import { skillDescribe, skillsList } from './skill-catalogue.ts';
import { evidenceList, evidenceRead, skillCompare } from './skill-evidence.ts';
import { specRead } from './spec.ts';
import { skillCancel, skillRun, skillRuns, skillSelect, skillStatus } from './skill-jobs.ts';

export const AGENT_TOOLS: readonly AgentTool[] = [
  skillsList,
  skillDescribe,
  skillRun,
  skillSelect,
  skillStatus,
  skillCancel,
  skillRuns,
  skillCompare,
  evidenceList,
  evidenceRead,
  toolsList,
  lint,
  simulate,
  projectShow,
  checksRun,
  diagnose,
  wavesSignals,
  wavesQuery,
  cbbSearch,
  specRead,
];
