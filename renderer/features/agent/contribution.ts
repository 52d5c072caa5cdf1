// What this folder brings to the workbench.
import { Bot } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { AgentPanel } from './agent-panel.tsx';
import './agent.css';

export const agentFeature: Feature = {
  panels: [
    {
      name: 'agent',
      icon: Bot,
      place: { beside: [], edge: 'right', width: 400 },
      key: 'Ctrl+Shift+A',
      // what waits for an answer comes first
      focus: '.gate-card .button-primary, form[data-job-form] button[type=submit]:not([disabled]), .talk textarea',
      component: AgentPanel,
    },
  ],
  commands: [
    {
      name: 'runJob',
      key: 'Ctrl+Enter',
      available: () => jobForm() !== null,
      run: () => jobForm()?.requestSubmit(),
    },
    { name: 'undoJob', available: () => undoButton() !== null, run: () => undoButton()?.click() },
  ],
};

/** The form of a new job, while it is on the screen. */
const jobForm = (): HTMLFormElement | null => document.querySelector('form[data-job-form]');

/** While the job can be undone and its panel or that of its changes is on the screen. */
const undoButton = (): HTMLButtonElement | null => document.querySelector('[data-undo-job] button:not([disabled])');
