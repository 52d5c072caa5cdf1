// Where a hosted backend may connect to: public addresses, and the networks that its operator names. A name is resolved
// once, every address that it has is checked, and the connection goes to what was checked, so that a second answer of
// the name server changes nothing. Everything that somebody other than the operator can name goes through here: model
// servers, callbacks, discovery documents, pictures.
import { lookup as lookUp, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { GenrtlError } from '@genrtl/contracts';
import { isIn, networkOf, parseAddress, parseNetwork, type Network } from './addresses.ts';

/** All addresses of a name, in the order of preference. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

export interface GuardOptions {
  /** networks (CIDR) and addresses beyond the public internet that may be reached */
  readonly privateNetworks: readonly string[];
  /** for tests; the system's resolver otherwise */
  readonly resolve?: Resolve;
}

export const NETWORKS_VARIABLE = 'GENRTL_PRIVATE_NETWORKS';

export class NetworkGuard {
  readonly #allowed: readonly Network[];
  readonly #resolve: Resolve;

  /** USAGE for a network that cannot be read. */
  constructor({ privateNetworks, resolve = systemResolve }: GuardOptions) {
    this.#resolve = resolve;
    this.#allowed = privateNetworks.map((text) => {
      const network = parseNetwork(text);
      if (network !== null) return network;
      throw new GenrtlError('USAGE', `${NETWORKS_VARIABLE}: “${text.slice(0, 60)}” is no network`, {
        hint: `Give networks and addresses separated by commas, e.g. ${NETWORKS_VARIABLE}=10.1.0.0/16,127.0.0.1`,
      });
    });
  }

  /** Throws ADDRESS_REFUSED for an address that may not be reached; a name is nothing to decide about yet. */
  requireHost(host: string): void {
    const address = parseAddress(host);
    if (address === null) return;
    const kind = networkOf(address);
    if (kind !== 'public' && !this.#allowed.some((network) => isIn(address, network))) throw refused(host, kind);
  }

  /** The checked addresses of a name or an address. One that may not be reached refuses them all. */
  async addressesOf(host: string): Promise<readonly LookupAddress[]> {
    const addresses = await this.#resolve(host);
    for (const { address } of addresses) {
      const parsed = parseAddress(address);
      if (parsed === null) throw refused(host, 'unknown');
      const kind = networkOf(parsed);
      if (kind !== 'public' && !this.#allowed.some((network) => isIn(parsed, network))) throw refused(host, kind);
    }
    return addresses;
  }

  /** For `net.connect` and everything above it, which connects to exactly what this gives. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.addressesOf(hostname).then(
      (all) => {
        const family = options.family === 4 || options.family === 'IPv4' ? 4 : options.family === 6 ? 6 : null;
        const fitting = all.filter((one) => family === null || one.family === family);
        const [first] = fitting;
        if (first === undefined)
          callback(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '', 0);
        else if (options.all === true) callback(null, [...fitting]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => {
        callback(error, '', 0);
      },
    );
  };
}

/** The guard of a hosted backend; `GENRTL_PRIVATE_NETWORKS` is its operator's list. */
export function guardOf(env: Readonly<Record<string, string | undefined>>): NetworkGuard {
  const privateNetworks = (env[NETWORKS_VARIABLE] ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  return new NetworkGuard({ privateNetworks });
}

/** What an address is stays inside: who names a host must not learn the network that it leads to. */
function refused(host: string, kind: string): GenrtlError {
  return new GenrtlError(
    'ADDRESS_REFUSED',
    `${host.slice(0, 100)} leads to an address that this backend may not reach (${kind}).`,
    { details: { host: host.slice(0, 100), network: kind } },
  );
}

const systemResolve: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    lookUp(hostname, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });
