// Every feature of the window: a new one is a folder and a line here.
import type { Feature } from '../workbench/feature.ts';
import { accountFeature } from './account/contribution.ts';
import { agentFeature } from './agent/contribution.ts';
import { aiEditorFeature } from './ai-editor/contribution.ts';
import { askFeature } from './ask/contribution.ts';
import { checksFeature } from './checks/contribution.ts';
import { cbbFeature } from './cbb/contribution.ts';
import { changesFeature } from './changes/contribution.ts';
import { consolesFeature } from './consoles/contribution.ts';
import { editorFeature } from './editor/contribution.ts';
import { explorerFeature } from './explorer/contribution.ts';
import { gitFeature } from './git/contribution.ts';
import { languageFeature } from './language/contribution.ts';
import { logsFeature } from './logs/contribution.ts';
import { paletteFeature } from './palette/contribution.ts';
import { planFeature } from './plan/contribution.ts';
import { problemsFeature } from './problems/contribution.ts';
import { schematicFeature } from './schematic/contribution.ts';
import { settingsFeature } from './settings/contribution.ts';
import { skillsFeature } from './skills/contribution.ts';
import { usageFeature } from './usage/contribution.ts';
import { wavesFeature } from './waves/contribution.ts';
import { workbenchFeature } from './workbench/contribution.ts';

/** In the order of rail and palette. */
export const FEATURES: readonly Feature[] = [
  explorerFeature,
  editorFeature,
  gitFeature,
  languageFeature,
  aiEditorFeature,
  planFeature,
  changesFeature,
  problemsFeature,
  checksFeature,
  agentFeature,
  askFeature,
  logsFeature,
  cbbFeature,
  wavesFeature,
  schematicFeature,
  consolesFeature,
  skillsFeature,
  paletteFeature,
  accountFeature,
  settingsFeature,
  usageFeature,
  workbenchFeature,
];
