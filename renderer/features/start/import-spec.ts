// Sends dropped files to main, which turns them into Markdown inside the workspace.
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { bridge } from '../../bridge/bridge.ts';

export type ImportedSpec = IpcResponse<'spec.import'> & { readonly name: string };

/** Base64 of a file without building one huge argument list. */
export async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(binary);
}

export async function importSpecs(workspace: string, files: readonly File[]): Promise<ImportedSpec[]> {
  const imported: ImportedSpec[] = [];
  for (const file of files) {
    const result = await bridge.call('spec.import', { workspace, name: file.name, bytes_base64: await base64Of(file) });
    imported.push({ ...result, name: file.name });
  }
  return imported;
}
