// The JSON schema of genrtl.yaml, for editors. docs/genrtl.schema.json is written from it:
// `node -e "import('./core/project/json-schema.ts').then((m) => m.print())" > docs/genrtl.schema.json`.
import { z } from 'zod';
import { ProjectFile } from '@genrtl/contracts';

export function projectSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(ProjectFile, { io: 'input', unrepresentable: 'any', target: 'draft-7' });
  return { title: 'genRTL project file', description: 'genrtl.yaml at the root of a workspace', ...schema };
}

export function print(): void {
  process.stdout.write(`${JSON.stringify(projectSchema(), null, 2)}\n`);
}
