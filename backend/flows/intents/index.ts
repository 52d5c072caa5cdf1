// Every flow of an interactive intent.
import type { AiIntent } from '@genrtl/contracts';
import { ask } from './ask.ts';
import { chat } from './chat.ts';
import { completeModule } from './complete-module.ts';
import { complete } from './complete.ts';
import { continueWriting } from './continue-writing.ts';
import { convertToSystemverilog } from './convert-to-systemverilog.ts';
import { documentCode } from './document.ts';
import { edit } from './edit.ts';
import { explain } from './explain.ts';
import { fixGrammar } from './fix-grammar.ts';
import { rewrite } from './rewrite.ts';
import { summarize } from './summarize.ts';
import { writeTestbench } from './write-testbench.ts';
import type { IntentFlow } from './define-intent.ts';

export const INTENT_FLOWS: Readonly<Record<AiIntent, IntentFlow>> = {
  ask,
  summarize,
  explain,
  'continue-writing': continueWriting,
  'complete-module': completeModule,
  'write-testbench': writeTestbench,
  complete,
  chat,
  rewrite,
  'fix-grammar': fixGrammar,
  document: documentCode,
  'convert-to-systemverilog': convertToSystemverilog,
  edit,
};

export { flowId, type FlowContext, type FlowLimits, type FlowStep, type IntentFlow } from './define-intent.ts';
