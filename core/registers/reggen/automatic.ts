// The registers of a block that nobody writes down: reggen makes them from the interrupts and alerts.
import { bitRange, type Field, type Memory, type Register } from '../model.ts';
import { itemsOf, textAt, textOf, type HjsonObject, type HjsonValue } from './hjson.ts';
import { numberOf } from '../reading.ts';

/** Bytes from one register to the next. */
export const stepOf = (width: bigint): bigint => (width + 7n) / 8n;

/** Adds the registers that reggen makes from the interrupts and alerts. Returns the offset behind them. */
export function addAutomaticRegisters(root: HjsonObject, width: bigint, entries: (Register | Memory)[]): bigint {
  const step = stepOf(width);
  const interrupts = itemsOf(root.entries.get('interrupt_list'));
  const alerts = itemsOf(root.entries.get('alert_list'));
  let offset = 0n;
  const add = (name: string, description: string, fields: Field[]): void => {
    entries.push({ ...plainRegister(name, offset, width), description, fields });
    offset += step;
  };
  const each = (access: (item: HjsonValue) => string, text: (name: string) => string, hardware = 'hro'): Field[] => {
    let bit = 0;
    return interrupts.map((item) => {
      const width = Number(numberOf(textAt(item, 'width')) ?? 1n);
      const lsb = bit;
      bit += width;
      const name = textAt(item, 'name');
      return {
        ...emptyField(name, lsb + width - 1, lsb),
        access: access(item),
        hardware,
        reset: access(item) === 'ro' && /^(true|1)$/i.test(textAt(item, 'default')) ? '0x1' : '0x0',
        description: text(name) || textAt(item, 'desc'),
      };
    });
  };
  const isOff = (key: string): boolean => textOf(root.entries.get(key)) === 'true';
  if (interrupts.length > 0 && !isOff('no_auto_intr_regs')) {
    const state = (item: HjsonValue): string => (textAt(item, 'type').toLowerCase() === 'status' ? 'ro' : 'rw1c');
    add(
      'INTR_STATE',
      'Interrupt State Register',
      each(state, () => '', 'hrw'),
    );
    add(
      'INTR_ENABLE',
      'Interrupt Enable Register',
      each(
        () => 'rw',
        (name) => `Enable interrupt when INTR_STATE.${name} is set.`,
      ),
    );
    add(
      'INTR_TEST',
      'Interrupt Test Register',
      each(
        () => 'wo',
        (name) => `Write 1 to force INTR_STATE.${name} to 1.`,
      ),
    );
  }
  if (alerts.length > 0 && !isOff('no_auto_alert_regs')) {
    const fields = alerts.map(
      (item, at): Field => ({
        ...emptyField(textAt(item, 'name'), at, at),
        access: 'wo',
        hardware: 'hro',
        reset: '0x0',
        description: 'Write 1 to trigger one alert event of this kind.',
      }),
    );
    add('ALERT_TEST', 'Alert Test Register', fields);
  }
  return offset;
}

export function plainRegister(name: string, offset: bigint, width: bigint): Register {
  return {
    kind: 'register',
    name,
    offset,
    width,
    access: '',
    reset: '',
    description: '',
    fields: [],
    array: null,
    properties: [],
  };
}

function emptyField(name: string, msb: number, lsb: number): Field {
  return {
    name,
    lsb,
    bits: bitRange(msb, lsb),
    access: '',
    hardware: '',
    reset: '',
    description: '',
    values: [],
    properties: [],
  };
}
