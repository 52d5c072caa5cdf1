// Every flow: what asks a model, for the interactive intents and for durable jobs.
import { catalogOf } from './catalog.ts';
import { cloudStrength } from './cloud-strength/cloud-strength.ts';
import { cloudVerify } from './cloud-verify/cloud-verify.ts';
import { design } from './design/design.ts';
import { implement } from './implement/implement.ts';
import { ask } from './intents/ask.ts';
import { chat } from './intents/chat.ts';
import { completeModule } from './intents/complete-module.ts';
import { complete } from './intents/complete.ts';
import { continueWriting } from './intents/continue-writing.ts';
import { convertToSystemverilog } from './intents/convert-to-systemverilog.ts';
import { documentCode } from './intents/document.ts';
import { edit } from './intents/edit.ts';
import { explain } from './intents/explain.ts';
import { fixGrammar } from './intents/fix-grammar.ts';
import { rewrite } from './intents/rewrite.ts';
import { summarize } from './intents/summarize.ts';
import { writeTestbench } from './intents/write-testbench.ts';
import { plan } from './plan/plan.ts';
import { repair } from './repair/repair.ts';

export const FLOWS = catalogOf([
  plan,
  implement,
  repair,
  design,
  cloudVerify,
  cloudStrength,
  ask,
  summarize,
  explain,
  continueWriting,
  completeModule,
  writeTestbench,
  complete,
  chat,
  rewrite,
  fixGrammar,
  documentCode,
  convertToSystemverilog,
  edit,
]);
