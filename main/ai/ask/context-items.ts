// What a person puts before a question, as the texts that go to the model: read anew from the disk, with line numbers
// that answers can cite, within bounds, and only what may leave the machine.
import { stat } from 'node:fs/promises';
import { GenrtlError, type Diagnostic } from '@genrtl/contracts';
import type { ContextItem } from '@genrtl/contracts/http/ai.ts';
import type { AskContext } from '@genrtl/contracts/ask.ts';
import type { OutlineSymbol } from '@genrtl/contracts/language.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { sha256 } from '@genrtl/disk/records.ts';
import type { BackendClient } from '../../cloud/backend-client.ts';
import { Outgoing } from '../../cloud/outgoing.ts';
import { readLogWindow, readRun, runFolder } from '../../workspace/run-folder.ts';
import { leavingRules, requireMayLeave, type LeavingRules } from '../may-leave.ts';

/** Files beyond this stay out of prompts; a selection of them can be asked about. */
const MAX_FILE_BYTES = 256 * 1024;
/** of one item, after which it is cut and says so */
const ITEM_CHARS = 48_000;
/** of all items; the endpoint takes 200,000 */
const ALL_CHARS = 180_000;
const AROUND_PROBLEM = 15;
const AROUND_SPEC = 40;
const FINDINGS_OF_RUN = 40;
const OVERVIEW_UNITS = 120;

/** Every unit of the workspace by its name: the language index. */
export type FindSymbols = (root: string, query: string) => Promise<readonly (OutlineSymbol & { path: string })[]>;

export interface Gathered {
  readonly items: ContextItem[];
  /** files that went whole, by the hash of what lies on the disk */
  readonly seen: Record<string, string>;
}

export class ContextReader {
  readonly #root: string;
  readonly #secrets: readonly string[];
  readonly #symbols: FindSymbols;
  #rules: LeavingRules | null = null;
  readonly #seen: Record<string, string> = {};

  constructor(root: string, client: Pick<BackendClient, 'secrets'>, symbols: FindSymbols) {
    this.#root = root;
    this.#secrets = client.secrets;
    this.#symbols = symbols;
  }

  /**
   * Each thing once, in the order given, as far as they fit; then a short list of what the workspace holds. Throws
   * CONTEXT_FORBIDDEN, NOT_FOUND for a file or unit that is gone.
   */
  async gather(wanted: readonly AskContext[]): Promise<Gathered> {
    const items: ContextItem[] = [];
    const taken = new Set<string>();
    let chars = 0;
    for (const context of wanted) {
      const key = JSON.stringify(context);
      if (taken.has(key)) continue;
      taken.add(key);
      const item = await this.#item(context);
      if (chars + item.text.length > ALL_CHARS) break;
      chars += item.text.length;
      items.push(item);
    }
    const overview = await this.#overview();
    if (overview !== null) items.push(overview);
    return { items, seen: this.#seen };
  }

  async #item(context: AskContext): Promise<ContextItem> {
    switch (context.kind) {
      case 'file': {
        const text = await this.#source(context.path);
        this.#seen[context.path] = text.sha256;
        return this.#lines('file', context.path, text.shown, 1, Infinity);
      }
      case 'module': {
        const unit = (await this.#symbols(this.#root, context.name)).find(
          (symbol) => symbol.name === context.name && symbol.parent === null,
        );
        if (unit === undefined) throw new GenrtlError('NOT_FOUND', `The workspace has no unit ${context.name}.`);
        const { shown } = await this.#source(unit.path);
        return this.#lines('module', unit.path, shown, unit.first_line, unit.last_line, context.name);
      }
      case 'problem':
        return this.#problem(context.finding);
      case 'run':
        return this.#run(context.run);
      case 'spec': {
        const { shown } = await this.#source(context.path);
        return this.#lines('spec', context.path, shown, context.line - AROUND_SPEC, context.line + AROUND_SPEC);
      }
      case 'selection':
        await requireMayLeave(await this.#leaving(), context.path);
        return {
          kind: 'selection',
          name: `${context.path}:${context.start}-${context.end}`,
          path: context.path,
          lines: { start: context.start, end: Math.max(context.start, context.end) },
          text: this.#clean(numbered(context.text.split('\n'), context.start)),
        };
      case 'view':
        return { kind: 'run', name: clean(context.name), text: this.#clean(context.text) };
    }
  }

  async #problem(found: Diagnostic): Promise<ContextItem> {
    const place =
      found.file === undefined ? '' : ` at ${found.file}${found.line === undefined ? '' : `:${found.line}`}`;
    const said = `${found.tool} ${found.severity} ${found.code ?? ''}${place}: ${found.message}${
      found.time === undefined ? '' : `\ntime ${found.time}`
    }${found.scope === undefined ? '' : `\nscope ${found.scope}`}`;
    const related = (found.related ?? []).map((other) => `also ${other.file}:${other.line}: ${other.message}`);
    const head = [said, ...related].join('\n');
    // a finding may lie in a file that stays here: then the tool's words go alone
    const source =
      found.file === undefined || found.line === undefined ? null : await this.#source(found.file).catch(keptAlone);
    const line = found.line ?? 1;
    const first = Math.max(1, line - AROUND_PROBLEM);
    const lines = source?.shown.split('\n').slice(first - 1, line + AROUND_PROBLEM) ?? [];
    const around = lines.length === 0 ? '' : `\n\n${numbered(lines, first)}`;
    return {
      kind: 'problem',
      name: clean(`${found.tool} ${found.code ?? found.severity}`.slice(0, 200)),
      ...(source === null ? {} : { path: found.file }),
      text: this.#clean(head) + cut(around),
    };
  }

  async #run(name: string): Promise<ContextItem> {
    const [jobId = '', stepId = ''] = name.split('/');
    let folder: string;
    try {
      folder = runFolder(this.#root, jobId, stepId);
    } catch {
      throw new GenrtlError('REQUEST_INVALID', 'A run is named by its job and its step.');
    }
    const { record, diagnostics } = await readRun(folder);
    if (record === null) throw new GenrtlError('NOT_FOUND', `There is no run ${name}.`);
    // acceptance tests are sealed: their names, signals and times go, never what they print
    const sealed = stepId.startsWith('acceptance');
    const findings = diagnostics.slice(0, FINDINGS_OF_RUN).map(({ severity, code = '', file = '', line, message }) => {
      const place = line === undefined ? file : `${file}:${line}`;
      return `${severity} ${code} ${place}: ${message}`;
    });
    const more = diagnostics.length - findings.length;
    const tail = sealed ? '' : (await readLogWindow(folder, 'stdout', -8_192)).text;
    const text = [
      `step ${stepId}: ${record.tool} ended with exit code ${String(record.commands.at(-1)?.exit_code ?? null)}`,
      ...findings,
      ...(more > 0 ? [`… and ${more} more findings`] : []),
      ...(tail === '' ? [] : ['end of its output:', tail]),
    ].join('\n');
    return { kind: 'run', name: stepId, text: this.#clean(text) };
  }

  /** Units and where they are declared, so that a question can be about any of them. */
  async #overview(): Promise<ContextItem | null> {
    const rules = await this.#leaving();
    const symbols = await this.#symbols(this.#root, '').catch(() => []);
    const units = symbols.filter(
      (symbol) => symbol.parent === null && !symbol.path.startsWith('.genRTL/') && !rules.isHidden(symbol.path),
    );
    if (units.length === 0) return null;
    const lines = units.slice(0, OVERVIEW_UNITS).map((unit) => `${unit.path}:${unit.line} ${unit.kind} ${unit.name}`);
    const more = units.length - lines.length;
    return {
      kind: 'file',
      name: 'units of the workspace',
      text: this.#clean([...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n')),
    };
  }

  async #source(file: string): Promise<{ readonly shown: string; readonly sha256: string }> {
    const absolute = await requireMayLeave(await this.#leaving(), file);
    const info = await stat(absolute).catch(() => null);
    if (info?.isFile() !== true) throw new GenrtlError('NOT_FOUND', `There is no file ${file}.`);
    if (info.size > MAX_FILE_BYTES)
      throw new GenrtlError('REQUEST_TOO_LARGE', `${file} is larger than ${MAX_FILE_BYTES / 1024} KiB.`, {
        hint: 'Ask about a selection of it.',
      });
    const bytes = await readRegular(absolute);
    if (bytes.includes(0)) throw new GenrtlError('REQUEST_INVALID', `${file} is no text.`);
    const text = bytes.toString('utf8').replaceAll('\r\n', '\n');
    return { shown: clean(Outgoing.code(text, this.#secrets).text), sha256: sha256(bytes) };
  }

  #lines(kind: ContextItem['kind'], file: string, text: string, first: number, last: number, name = file): ContextItem {
    const all = text.replace(/\n$/, '').split('\n');
    const start = Math.min(Math.max(1, first), all.length);
    const end = Math.min(all.length, last);
    return {
      kind,
      name: clean(name),
      path: file,
      lines: { start, end: Math.max(start, end) },
      text: cut(numbered(all.slice(start - 1, end), start)),
    };
  }

  #clean(text: string): string {
    return cut(clean(Outgoing.code(text, this.#secrets).text));
  }

  async #leaving(): Promise<LeavingRules> {
    this.#rules ??= await leavingRules(this.#root);
    return this.#rules;
  }
}

function keptAlone(error: unknown): null {
  if (error instanceof GenrtlError) return null;
  throw error;
}

/** `12| assign a = b;`: what a model is to cite stands beside each line. */
const numbered = (lines: readonly string[], first: number): string =>
  lines.map((line, at) => `${first + at}| ${line}`).join('\n');

const cut = (text: string): string =>
  text.length <= ITEM_CHARS ? text : `${text.slice(0, text.lastIndexOf('\n', ITEM_CHARS))}\n… (cut)`;

/** Requests take no control characters but line ends and tabs. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
export const clean = (text: string): string => text.replace(CONTROL, '\uFFFD');
