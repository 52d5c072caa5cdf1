// What is being written at the cursor: a module's ports or parameters, a function's arguments, and which are still
// missing.
import type { CodeSignature, SymbolKind } from '@genrtl/contracts/language.ts';
import { partsOf } from './completion.ts';
import type { OpenCall } from './cursor.ts';
import type { Resolver, Target } from './resolve.ts';

const PARTS: Readonly<Record<OpenCall['part'], readonly SymbolKind[]>> = {
  ports: ['port'],
  parameters: ['parameter'],
  arguments: ['argument', 'port'],
};

export function signatureOf(resolver: Resolver, path: string, offset: number, call: OpenCall): CodeSignature | null {
  const target =
    call.part === 'arguments' ? callee(resolver, path, offset, call) : resolver.unitFrom(path, call.name, offset);
  if (target === null) return null;
  const parts = partsOf(resolver, target, PARTS[call.part]);
  const items = parts.map((part, at) => ({
    name: part.name,
    detail: part.detail,
    given: call.wildcard || call.used.has(part.name) || at < call.positional,
  }));
  const byName = call.current === null ? -1 : items.findIndex(({ name }) => name === call.current);
  const byPosition = call.used.size === 0 && !call.wildcard && call.item < items.length ? call.item : -1;
  const active = byName === -1 ? byPosition : byName;
  return { name: target.declaration.name, part: call.part, items, active: active === -1 ? null : active };
}

function callee(resolver: Resolver, path: string, offset: number, { name, path: steps }: OpenCall): Target | null {
  const found = steps.length === 0 ? resolver.name(path, name, offset) : lead(resolver, path, steps, name, offset);
  if (found === null) return null;
  const { kind } = found.declaration;
  if (kind === 'class') return resolver.member(found, 'new');
  return ['function', 'task', 'property', 'sequence', 'checker', 'udp', 'covergroup'].includes(kind) ? found : null;
}

function lead(resolver: Resolver, path: string, steps: OpenCall['path'], name: string, offset: number): Target | null {
  const owner = resolver.lead(path, steps, offset);
  return owner === null ? null : resolver.memberOf(owner, name);
}
