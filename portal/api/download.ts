// Files that a page gives: data of an account, usage as CSV.
import { API_ROUTES } from '@genrtl/contracts/http/routes.ts';
import { headersFor } from './calls.ts';
import { failureOf } from './failure.ts';

export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  // the browser reads it after the click has been handled
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** All data of the account; its last line says `end`. */
export async function downloadExport(as: string | null): Promise<void> {
  const response = await fetch(API_ROUTES.accountExport, { headers: headersFor(as) });
  if (!response.ok) throw await failureOf(response);
  saveFile('genrtl-data.jsonl', await response.blob());
}
