// A plan's fields in the types that models really give them, brought to those of the contract where only one reading is
// possible. Whether the result is a plan is for the plan check to say; what had to be assumed is said in the plan.
import { isRecord } from '../../models/failures.ts';

type Fields = Record<string, unknown>;

const WRAPPERS = [
  'plan',
  'result',
  'output',
  'response',
  'answer',
  'data',
  'json',
  'properties',
  // as a call of a tool
  'tool_calls',
  'function',
  'arguments',
  'input',
];

/** Wrappers inside one another. */
const MAX_WRAPPERS = 6;

/** Whether a value, or what it wraps, looks like a plan: drafts and examples in an answer do not. */
export const looksLikePlan = (value: unknown): boolean => {
  const inner = unwrapped(value);
  return isRecord(inner) && 'top' in inner;
};

function unwrapped(value: unknown, depth = 0): unknown {
  if (Array.isArray(value) && value.length === 1 && depth < MAX_WRAPPERS) return unwrapped(value[0], depth + 1);
  if (!isRecord(value) || 'top' in value || depth >= MAX_WRAPPERS) return value;
  const inner = WRAPPERS.map((name) => jsonIn(value[name])).find(
    (one) => isRecord(one) || (Array.isArray(one) && one.length === 1),
  );
  return inner === undefined ? value : unwrapped(inner, depth + 1);
}

/** Some wrappers hold the plan as text. */
function jsonIn(value: unknown): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

export function nearPlan(value: unknown): unknown {
  const plan = unwrapped(value);
  if (!isRecord(plan)) return plan;
  const assumed: string[] = [];
  const out: Fields = { ...plan };
  out['title'] = textOf(plan['title'] ?? plan['name'] ?? nameIn(plan['top'])) ?? plan['title'];
  out['summary'] = textOf(plan['summary'] ?? plan['description'] ?? '') ?? plan['summary'];
  out['modules'] = listOf(plan['modules']);
  // a top by name stands among the modules
  if (typeof plan['top'] === 'string' && Array.isArray(out['modules'])) {
    const [tops, others] = divided(out['modules'], (one) => nameIn(one) === plan['top']);
    if (tops.length === 1) {
      out['top'] = tops[0];
      out['modules'] = others;
    }
  }
  out['top'] = moduleOf(out['top'], assumed);
  if (Array.isArray(out['modules'])) out['modules'] = out['modules'].map((one: unknown) => moduleOf(one, assumed));
  out['cbb_requirements'] = numbered(listOf(plan['cbb_requirements']), 'R', requirementOf);
  const verification = plan['verification'];
  const checks = isRecord(verification) ? verification['checks'] : (verification ?? plan['checks']);
  out['verification'] = { checks: numbered(listOf(checks), 'C', checkOf) };
  const files = namedList(plan['files'], 'purpose');
  out['files'] = mapped(files, (one) =>
    typeof one === 'string'
      ? { path: one, purpose: '' }
      : isRecord(one)
        ? {
            ...one,
            path: one['path'] ?? one['file'] ?? one['filename'] ?? one['file_path'] ?? one['name'],
            purpose: textOf(one['purpose'] ?? one['description'] ?? ''),
          }
        : one,
  );
  const assumptions = mapped(listOf(plan['assumptions']), sentence);
  out['assumptions'] = Array.isArray(assumptions) ? [...(assumptions as unknown[]), ...new Set(assumed)] : assumptions;
  out['questions'] = mapped(listOf(plan['questions']), sentence);
  return out;
}

/** Left out, null, or one entry without its list. */
function listOf(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return [];
  return typeof value === 'string' ? [value] : value;
}

const mapped = (value: unknown, change: (one: unknown) => unknown): unknown =>
  Array.isArray(value) ? value.map((one: unknown) => change(one)) : value;

function divided(list: readonly unknown[], fits: (one: unknown) => boolean): [unknown[], unknown[]] {
  return [list.filter(fits), list.filter((one) => !fits(one))];
}

const nameIn = (value: unknown): unknown => (isRecord(value) ? value['name'] : value);

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function sentence(value: unknown): unknown {
  if (!isRecord(value)) return textOf(value) ?? value;
  return textOf(value['text'] ?? value['description'] ?? value['question'] ?? value['assumption']) ?? value;
}

/** Entries with an `id` each; missing ones are counted on behind those that are there. */
function numbered(value: unknown, letter: string, shape: (one: unknown) => unknown): unknown {
  if (!Array.isArray(value)) return value;
  const taken = new Set(value.map((one: unknown) => (isRecord(one) ? textOf(one['id']) : undefined)));
  let count = 0;
  return value.map((one: unknown) => {
    const entry = shape(one);
    if (!isRecord(entry)) return entry;
    const id = textOf(entry['id']);
    if (id !== undefined && id !== '') return { ...entry, id };
    do count += 1;
    while (taken.has(`${letter}${String(count)}`));
    return { ...entry, id: `${letter}${String(count)}` };
  });
}

function checkOf(value: unknown): unknown {
  if (typeof value === 'string') return { text: value };
  if (!isRecord(value)) return value;
  const { spec_line, ...rest } = value;
  const line = Array.isArray(spec_line) ? wholeNumber(spec_line[0]) : wholeNumber(spec_line);
  return {
    ...rest,
    text: textOf(value['text'] ?? value['description'] ?? value['check'] ?? value['name']),
    ...(line === undefined || line < 1 ? {} : { spec_line: line }),
  };
}

function requirementOf(value: unknown): unknown {
  if (typeof value === 'string') return { function: value, needs_tb: true };
  if (!isRecord(value)) return value;
  const out: Fields = { ...value, function: textOf(value['function'] ?? value['name'] ?? value['cbb']) };
  for (const name of ['width', 'depth', 'clock_domains']) {
    if (value[name] === undefined) continue;
    const count = Array.isArray(value[name]) ? value[name].length : wholeNumber(value[name]);
    if (count !== undefined) out[name] = count;
  }
  out['needs_tb'] = flag(value['needs_tb']) ?? value['needs_tb'] ?? true;
  return out;
}

function moduleOf(value: unknown, assumed: string[]): unknown {
  if (!isRecord(value)) return value;
  const name = textOf(value['name'] ?? value['module']) ?? '';
  return {
    ...value,
    name,
    purpose: textOf(value['purpose'] ?? value['description'] ?? ''),
    ports: mapped(portList(value['ports']), portOf),
    parameters: mapped(namedList(value['parameters'], 'default'), parameterOf),
    clocks: mapped(namedList(value['clocks'] ?? value['clock'], 'period'), (one) => textOf(nameIn(one)) ?? one),
    resets: mapped(namedList(value['resets'] ?? value['reset'], 'active'), (one) => resetOf(one, name, assumed)),
    instances: mapped(listOf(value['instances']), instanceOf),
  };
}

/** `{ "WIDTH": 8 }` for a list of named things, and one of them without its list. */
function namedList(value: unknown, member: string): unknown {
  if (!isRecord(value)) return listOf(value);
  if (typeof value['name'] === 'string' && Object.keys(value).length > 1) return [value];
  return Object.entries(value).map(([name, inner]) =>
    isRecord(inner) ? { name, ...inner } : { name, [member]: inner },
  );
}

/** `{ "inputs": […], "outputs": […] }` as one list, each with its direction. */
function portList(value: unknown): unknown {
  if (!isRecord(value)) return listOf(value);
  const sides = Object.entries(value).map(([side, list]) => ({ direction: DIRECTIONS[side.replace(/s$/, '')], list }));
  if (!sides.every(({ direction, list }) => direction !== undefined && Array.isArray(list)))
    return namedList(value, 'direction');
  return sides.flatMap(({ direction, list }) =>
    (list as unknown[]).map((one) => (isRecord(one) ? { direction, ...one } : { direction, name: one })),
  );
}

/** `output logic [3:0] count` */
const PORT_TEXT =
  /^\s*(input|output|inout)\s+(?:(?:logic|reg|wire|bit|signed)\s+)*(\[[^\]]{1,200}\])?\s*([A-Za-z_]\w*)\s*,?\s*$/;

function parameterOf(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return {
    ...value,
    default: textOf(value['default'] ?? value['value'] ?? value['default_value']),
    description: textOf(value['description'] ?? ''),
  };
}

const DIRECTIONS: Readonly<Record<string, string>> = {
  in: 'input',
  i: 'input',
  input: 'input',
  out: 'output',
  o: 'output',
  output: 'output',
  io: 'inout',
  inout: 'inout',
  bidir: 'inout',
  bidirectional: 'inout',
  输入: 'input',
  输出: 'output',
  双向: 'inout',
};

function portOf(given: unknown): unknown {
  const [, side, range, name] = (typeof given === 'string' ? PORT_TEXT.exec(given) : null) ?? [];
  const value = name === undefined ? given : { name, direction: side, width: range ?? '1' };
  if (!isRecord(value)) return value;
  // `count[3:0]`: the width stands at the name
  const [, bare, behind] = /^\s*([A-Za-z_]\w*)\s*(\[[^\]]{1,200}\])\s*$/.exec(textOf(value['name']) ?? '') ?? [];
  if (bare !== undefined && value['width'] === undefined) return portOf({ ...value, name: bare, width: behind });
  const direction = textOf(value['direction'] ?? value['dir'] ?? value['type']) ?? '';
  return {
    ...value,
    // `output logic`: the kind is no part of it
    direction: DIRECTIONS[direction.trim().toLowerCase().split(/\s/)[0] ?? ''] ?? value['direction'],
    width: widthOf(value['width'] ?? value['size'] ?? value['range'] ?? 1),
    description: textOf(value['description'] ?? value['purpose'] ?? ''),
  };
}

/** `4`, `"4-bit"`, `"4位"`, `"3:0"`, `"[3:0]"`, `"[WIDTH-1:0]"`, `"logic [3:0]"` as the number or expression that the contract has. */
function widthOf(value: unknown): unknown {
  const text = textOf(value)?.trim();
  if (text === undefined) return value;
  const bits = /^(\d{1,6})\s*-?\s*(?:bits?|位)$/i.exec(text)?.[1];
  if (bits !== undefined) return bits;
  if (/^\d{1,6}\s*:\s*0$/.test(text)) return widthOf(`[${text}]`);
  const range = /^(?:(?:logic|reg|wire|bit)\s*)?\[\s*([^:[\]]{1,200}?)\s*:\s*0\s*\]$/.exec(text)?.[1];
  if (range === undefined) return /^(?:logic|reg|wire|bit|std_logic)$/i.test(text) ? '1' : text;
  if (/^\d{1,6}$/.test(range)) return String(Number(range) + 1);
  const less = /^(.{1,190}?)\s*-\s*1$/.exec(range)?.[1]?.trim();
  if (less === undefined) return `${range}+1`;
  return /^\w+$/.test(less) || /^\(.*\)$/.test(less) || !/[-+?:|&^]/.test(less) ? less : `(${less})`;
}

function resetOf(value: unknown, module: string, assumed: string[]): unknown {
  const name = textOf(nameIn(value));
  if (name === undefined || name === '') return value;
  const given = isRecord(value) ? value : {};
  const said = levelOf(given['active'] ?? given['polarity'] ?? given['active_level'] ?? given['level']);
  const [isLow, isHigh] = [flag(given['active_low']), flag(given['active_high'])];
  const active =
    said ?? (isLow === true || isHigh === false ? 'low' : isLow === false || isHigh === true ? 'high' : undefined);
  const kind = given['async'] ?? given['asynchronous'] ?? given['type'] ?? given['kind'];
  const isAsync =
    flag(kind) ??
    (typeof kind === 'string' ? (/^async/i.test(kind) ? true : /^sync/i.test(kind) ? false : undefined) : undefined);
  const low = active ?? (/(?:_n|_b|_l|n)$/i.test(name) ? 'low' : 'high');
  if (active === undefined || isAsync === undefined) {
    const words = [active === undefined ? `active ${low}` : '', isAsync === undefined ? 'asynchronous' : ''].filter(
      Boolean,
    );
    assumed.push(`The plan did not say how the reset ${name} of ${module} works: taken as ${words.join(' and ')}.`);
  }
  return { name, active: low, async: isAsync ?? true };
}

function levelOf(value: unknown): 'low' | 'high' | undefined {
  const text = textOf(value)
    ?.toLowerCase()
    .replaceAll(/[\s_-]/g, '');
  if (text === undefined) return undefined;
  if (/^(?:active)?low$|^0$|^neg(?:edge|ative)?$/.test(text)) return 'low';
  return /^(?:active)?high$|^1$|^pos(?:edge|itive)?$/.test(text) ? 'high' : undefined;
}

function instanceOf(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return { ...value, of: textOf(value['of'] ?? value['module'] ?? value['type']) };
}

function flag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  return /^(?:true|yes)$/i.test(value) ? true : /^(?:false|no)$/i.test(value) ? false : undefined;
}

function wholeNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value : undefined;
  const digits =
    typeof value === 'string' ? /^\D{0,10}(\d{1,9})\s*(?:-?\s*bits?)?$/i.exec(value.trim())?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}
