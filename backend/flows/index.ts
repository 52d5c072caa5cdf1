// Every flow: what each kind of job does with models.
import type { Flows } from './define-flow.ts';
import { design } from './design/design.ts';
import { implement } from './implement/implement.ts';
import { plan } from './plan/plan.ts';
import { repair } from './repair/repair.ts';

export const FLOWS: Flows = { plan, implement, repair, design };
