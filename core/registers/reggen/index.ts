// OpenTitan's block descriptions (the input of reggen, https://opentitan.org/book/util/reggen): registers,
// multi-registers, windows, the registers that follow from interrupts and alerts, pins, inter-module signals.
import { NoteList } from '../../documents/note-list.ts';
import type { Clock, Description, Parameter, Signal, Statement } from '../model.ts';
import { DescriptionError, type ReadDescription } from '../reading.ts';
import { itemsOf, objectOf, readHjson, textAt, textOf, type HjsonObject, type HjsonValue } from './hjson.ts';
import { BlockRegisters } from './registers.ts';

/** Keys that are read, and those that say nothing about the design (documents, status, tags of the verification). */
const KNOWN = new Set(
  'name human_name one_line_desc one_paragraph_desc desc clocking bus_interfaces available_input_list available_output_list available_inout_list interrupt_list alert_list inter_signal_list param_list features countermeasures regwidth registers no_auto_intr_regs no_auto_alert_regs'.split(
    ' ',
  ),
);
const SILENT = new Set(
  'cip_id design_spec dv_doc hw_checklist sw_checklist revisions version life_stage design_stage verification_stage dif_stage commit_id notes scan scan_reset scan_en wakeup_list reset_request_list expose_reg_if hier_path tags lint_waivers alias_impl memory flags special_signals template_param_list racl_support'.split(
    ' ',
  ),
);
/** Throws DescriptionError where the text is no block description. */
export function readReggen(text: string): ReadDescription {
  const root = objectOf(readHjson(text));
  if (root === undefined) throw new DescriptionError('it is no object', 1);
  if (!root.entries.has('name') || (!root.entries.has('registers') && !root.entries.has('clocking')))
    throw new DescriptionError('it has neither a name nor registers: it is no block description', 1);
  return new Block(root).read();
}

class Block {
  readonly #root: HjsonObject;
  readonly #notes = new NoteList();

  constructor(root: HjsonObject) {
    this.#root = root;
  }

  read(): ReadDescription {
    const of = (key: string): HjsonValue | undefined => this.#root.entries.get(key);
    for (const [key, value] of this.#root.entries) {
      if (KNOWN.has(key) || SILENT.has(key)) continue;
      this.#notes.add('notUnderstood', { what: `the key ${key}`, text: textOf(value) }, { line: value.line });
    }
    const description: Description = {
      name: textOf(of('name')),
      title: textOf(of('human_name')),
      description: [textOf(of('one_line_desc')), textOf(of('one_paragraph_desc')) || textOf(of('desc'))]
        .filter((part) => part !== '')
        .join('\n\n'),
      parameters: itemsOf(of('param_list')).map(
        (item): Parameter => ({
          name: textAt(item, 'name'),
          default: textAt(item, 'default'),
          description: textAt(item, 'desc'),
        }),
      ),
      ports: [],
      clocks: this.#clocks(),
      buses: itemsOf(of('bus_interfaces')).map((item) => ({
        name: textAt(item, 'name') || 'tl',
        protocol: textAt(item, 'protocol'),
        role: textAt(item, 'direction'),
        signals: [],
        description: '',
      })),
      signals: this.#signals(),
      blocks: new BlockRegisters(this.#root, this.#notes).blocks(of('registers')),
      statements: this.#statements(),
    };
    return { description, notes: this.#notes.list() };
  }

  #clocks(): Clock[] {
    return itemsOf(this.#root.entries.get('clocking')).map((item) => ({
      clock: textAt(item, 'clock'),
      reset: textAt(item, 'reset'),
      description: textAt(item, 'primary') === 'true' ? 'primary' : '',
    }));
  }

  #signals(): Signal[] {
    const of = (key: string): readonly HjsonValue[] => itemsOf(this.#root.entries.get(key));
    const named = (item: HjsonValue, kind: string, direction: string, type: string): Signal => ({
      kind,
      name: textAt(item, 'name') || textOf(item),
      direction,
      width: textAt(item, 'width') || '1',
      type,
      description: textAt(item, 'desc'),
    });
    const pins = (key: string, direction: string): Signal[] =>
      of(key).map((item) => named(item, 'Chip pins', direction, ''));
    return [
      ...pins('available_input_list', 'input'),
      ...pins('available_output_list', 'output'),
      ...pins('available_inout_list', 'inout'),
      ...of('interrupt_list').map((item) => named(item, 'Interrupts', 'output', textAt(item, 'type') || 'event')),
      ...of('alert_list').map((item) => named(item, 'Alerts', 'output', '')),
      ...of('inter_signal_list').map((item) => {
        const [pack, struct] = [textAt(item, 'package'), textAt(item, 'struct')];
        const type = `${pack === '' ? struct : `${pack}::${struct}`} (${textAt(item, 'type')})`;
        return named(item, 'Inter-module signals', textAt(item, 'act'), type);
      }),
    ];
  }

  #statements(): Statement[] {
    const list = (key: string, kind: string): Statement[] =>
      itemsOf(this.#root.entries.get(key)).map((item) => ({
        kind,
        name: textAt(item, 'name'),
        text: textAt(item, 'desc'),
      }));
    return [...list('features', 'Features'), ...list('countermeasures', 'Countermeasures')];
  }
}
