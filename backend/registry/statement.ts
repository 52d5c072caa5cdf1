// What the registry says of a version under its signature: the archive, the gate that it passed and with which tools.
// Holds all that a check without the network needs beside the archive and a key that is trusted.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CbbId, Semver, Sha256, type CbbEvidence, type CbbListing } from '@genrtl/contracts';
import { verifySignature } from './sign.ts';

export const Statement = z.object({
  type: z.literal('genrtl.cbb.statement/1'),
  cbb_id: CbbId,
  version: Semver,
  published_at: z.string(),
  archive: z.object({ sha256: Sha256, size_bytes: z.number().int() }),
  /** null for a package that was published before gates left evidence */
  gate: z
    .object({
      version: z.number().int(),
      passed: z.boolean(),
      source_sha256: Sha256,
      evidence_sha256: Sha256,
      checks: z.array(z.object({ name: z.string(), passed: z.boolean() })),
      tools: z.array(z.object({ name: z.string(), version: z.string() })),
      parameter_sets: z.array(z.string()),
      mutants: z.object({ killed: z.number().int(), total: z.number().int() }),
    })
    .nullable(),
});
export type Statement = z.infer<typeof Statement>;

export function statementOf({ manifest, sha256, size_bytes, published_at, evidence }: CbbListing): Statement {
  return {
    type: 'genrtl.cbb.statement/1',
    cbb_id: manifest.cbb_id,
    version: manifest.version,
    published_at,
    archive: { sha256, size_bytes },
    gate: evidence === undefined ? null : gateOf(evidence),
  };
}

function gateOf(evidence: CbbEvidence): NonNullable<Statement['gate']> {
  return {
    version: evidence.gate_version,
    passed: evidence.passed,
    source_sha256: evidence.source_sha256,
    evidence_sha256: createHash('sha256').update(JSON.stringify(evidence)).digest('hex'),
    checks: evidence.checks.map(({ name, passed }) => ({ name, passed })),
    tools: evidence.tools,
    parameter_sets: evidence.parameter_sets.map(({ name }) => name),
    mutants: evidence.mutants,
  };
}

export type StatementVerdict =
  | { readonly valid: true; readonly statement: Statement }
  | { readonly valid: false; readonly why: 'key' | 'signature' | 'form' | 'archive' };

/** Without the network: signed by a trusted key, about exactly this archive. */
export function verifyStatement(
  signed: { readonly statement: string; readonly signature: string; readonly public_key: string },
  archive: Uint8Array,
  trustedKeys: readonly string[],
): StatementVerdict {
  if (!trustedKeys.includes(signed.public_key)) return { valid: false, why: 'key' };
  if (!verifySignature(Buffer.from(signed.statement), signed.signature, signed.public_key))
    return { valid: false, why: 'signature' };
  let parsed: unknown;
  try {
    parsed = JSON.parse(signed.statement);
  } catch {
    return { valid: false, why: 'form' };
  }
  const statement = Statement.safeParse(parsed);
  if (!statement.success) return { valid: false, why: 'form' };
  if (createHash('sha256').update(archive).digest('hex') !== statement.data.archive.sha256)
    return { valid: false, why: 'archive' };
  return { valid: true, statement: statement.data };
}
