// IP-XACT components (SPIRIT 1.4 and 1.5, IEEE 1685-2009, -2014, -2022): ports, parameters, bus interfaces, memory
// maps.
import { XmlError, childrenOf, readXml, textOf, type XmlElement } from '../../documents/xml.ts';
import { EMPTY, type Bus, type Parameter, type Port } from '../model.ts';
import { DescriptionError, type ReadDescription } from '../reading.ts';
import { directionOf } from '../register-csv.ts';
import { all, attribute, local, one, said } from './elements.ts';
import { MemoryMaps } from './memory-maps.ts';
import { ComponentValues } from './values.ts';

const ROOTS: Readonly<Record<string, string>> = {
  busDefinition: 'a bus definition',
  abstractionDefinition: 'an abstraction definition',
  design: 'a design',
  designConfiguration: 'a design configuration',
  catalog: 'a catalogue',
  generatorChain: 'a chain of generators',
  abstractor: 'an abstractor',
  typeDefinitions: 'a set of type definitions',
};

/** Throws DescriptionError. */
export function readIpxact(text: string): ReadDescription {
  let root: XmlElement;
  try {
    root = readXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new DescriptionError(error.message, error.line);
    throw error;
  }
  const name = local(root.name);
  if (name !== 'component') {
    const what = Object.hasOwn(ROOTS, name) ? `${ROOTS[name]}, not a component` : `no IP-XACT: its root is ${name}`;
    throw new DescriptionError(`it is ${what}`, root.line);
  }
  return new Component(root).read();
}

/** The roles of bus interfaces in all editions. */
const ROLES = [
  'master',
  'slave',
  'initiator',
  'target',
  'system',
  'mirroredMaster',
  'mirroredSlave',
  'mirroredSystem',
  'mirroredInitiator',
  'mirroredTarget',
  'monitor',
];
/** Parts of a component that say how it is built, not what it does. */
const SILENT = new Set(
  'vendor library name displayName shortDescription version description busInterfaces indirectInterfaces channels remapStates modes powerDomains addressSpaces memoryMaps model componentGenerators choices fileSets clearboxElements whiteboxElements cpus otherClockDrivers resetTypes parameters assertions isPresent vendorExtensions typeDefinitions documentNameGroup'.split(
    ' ',
  ),
);

class Component {
  readonly #root: XmlElement;
  readonly #values = new ComponentValues();

  constructor(root: XmlElement) {
    this.#root = root;
  }

  read(): ReadDescription {
    const root = this.#root;
    for (const child of childrenOf(root)) {
      const name = local(child.name);
      if (name === 'vendorExtensions')
        this.#values.notes.add('ignored', { what: 'the vendor extensions' }, { line: child.line });
      else if (!SILENT.has(name))
        this.#values.notes.add(
          'notUnderstood',
          { what: `the element ${name}`, text: textOf(child) },
          { line: child.line },
        );
    }
    const parameters = this.#parameters();
    const version = [said(root, 'vendor'), said(root, 'library'), said(root, 'name'), said(root, 'version')];
    return {
      description: {
        ...EMPTY,
        name: said(root, 'name') || 'component',
        title: said(root, 'displayName'),
        description: [said(root, 'description'), `Component ${version.filter((part) => part !== '').join(':')}.`]
          .filter((part) => part !== '')
          .join('\n\n'),
        parameters,
        ports: this.#ports(),
        buses: all(root, 'busInterfaces', 'busInterface').map((bus) => this.#bus(bus)),
        blocks: new MemoryMaps(this.#values).read(all(root, 'memoryMaps', 'memoryMap')),
      },
      notes: this.#values.notes.list(),
    };
  }

  #parameters(): Parameter[] {
    const root = this.#root;
    const lists = [
      ...all(root, 'parameters', 'parameter'),
      ...all(root, 'model', 'modelParameters', 'modelParameter'),
      ...all(root, 'model', 'instantiations', 'componentInstantiation', 'moduleParameters', 'moduleParameter'),
    ];
    const found = new Map<string, Parameter>();
    for (const parameter of lists) {
      const [name, value] = [said(parameter, 'name'), said(parameter, 'value')];
      const identifiers = [attribute(parameter, 'parameterId'), attribute(one(parameter, 'value'), 'id'), name];
      this.#values.define(identifiers, name, this.#values.constant(value));
      if (name === '' || found.has(name)) continue;
      const described = [said(parameter, 'displayName'), said(parameter, 'description')].filter((part) => part !== '');
      found.set(name, { name, default: this.#values.named(value), description: described.join('\n') });
    }
    return [...found.values()];
  }

  #ports(): Port[] {
    return all(this.#root, 'model', 'ports', 'port').flatMap((port) => {
      const name = said(port, 'name');
      if (!this.#values.isPresent(port, name)) return [];
      const wire = one(port, 'wire') ?? one(port, 'structured');
      const direction = directionOf(said(wire, 'direction') || said(one(port, 'structured'), 'struct'));
      if (wire === undefined || direction === undefined) {
        this.#values.notes.add(
          'notUnderstood',
          { what: `the port ${name}`, text: wire === undefined ? 'it is no wire' : said(wire, 'direction') },
          { line: port.line },
        );
        return [];
      }
      return [
        {
          name,
          direction,
          width: this.#portWidth(wire, name),
          description: said(port, 'description') || said(port, 'displayName'),
        },
      ];
    });
  }

  #portWidth(wire: XmlElement, name: string): string {
    const vectors = [...all(wire, 'vector'), ...all(wire, 'vectors', 'vector')];
    if (vectors.length === 0) return '1';
    const widths = vectors.map((vector) => this.#values.extent(said(vector, 'left'), said(vector, 'right')));
    if (widths.length > 1)
      this.#values.notes.add(
        'notUnderstood',
        { what: `the several dimensions of ${name}`, text: widths.join(' × ') },
        { line: wire.line },
      );
    return widths.join(' * ');
  }

  #bus(bus: XmlElement): Bus {
    const type = one(bus, 'busType');
    const role = ROLES.find((name) => one(bus, name) !== undefined) ?? '';
    const maps = [
      ...all(bus, 'portMaps', 'portMap'),
      ...all(bus, 'abstractionTypes', 'abstractionType', 'portMaps', 'portMap'),
    ];
    const signals = maps.map((map) => {
      const logical = said(map, 'logicalPort', 'name') || said(map, 'logicalPort');
      const physical = said(map, 'physicalPort', 'name') || said(map, 'physicalPort');
      return `${logical} = ${physical}${this.#slice(one(map, 'physicalPort'))}`;
    });
    const vlnv = ['vendor', 'library', 'name', 'version']
      .map((part) => attribute(type, part))
      .filter((part) => part !== '');
    return {
      name: said(bus, 'name'),
      protocol: vlnv.join(':'),
      role,
      signals,
      description: said(bus, 'description') || said(bus, 'displayName'),
    };
  }

  #slice(port: XmlElement | undefined): string {
    const vector = one(port, 'vector') ?? one(port, 'partSelect', 'range');
    const [left, right] = [said(vector, 'left'), said(vector, 'right')];
    return left === '' ? '' : `[${this.#values.named(left)}:${this.#values.named(right)}]`;
  }
}
