// Which network an address belongs to, in whatever form it is written. Ranges are those of the IANA special-purpose
// registries, as ipaddr.js keeps them; what is not plainly a public unicast address is not public.
import ipaddr from 'ipaddr.js';

/** `public`, or the name of the special range: `loopback`, `private`, `linkLocal`, `metadata`, … */
export type NetworkKind = string;

/** Answers to every machine of its cloud and lies in no special range (Azure's host agent and name server). */
const CLOUD_HOSTS = ['168.63.129.16'];
/** The only part of IPv6 that is given out for use in the internet (RFC 4291 section 2.4). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Where the last 32 bits are the IPv4 address, everywhere (RFC 6052 section 2.1). */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * An IPv4 address inside an IPv6 one counts as itself: mapped (::ffff:0:0/96) and translated by NAT64 (64:ff9b::/96).
 * A translator of the site (64:ff9b:1::/48, RFC 8215) decides itself which bits those are, so what lies there is special
 * as a whole. Null when the text is no address.
 */
export function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return null;
  const address = ipaddr.process(bare);
  if (address instanceof ipaddr.IPv6 && address.match(NAT64))
    return ipaddr.fromByteArray(address.toByteArray().slice(12)) as ipaddr.IPv4;
  return address;
}

export function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6): NetworkKind {
  if (CLOUD_HOSTS.includes(address.toString())) return 'metadata';
  const range = address.range();
  if (address instanceof ipaddr.IPv4) return range === 'unicast' ? 'public' : range;
  if (range !== 'unicast') return range;
  if (!address.match(GLOBAL_UNICAST)) return 'reserved';
  // ISATAP (RFC 5214): the last 32 bits are an IPv4 address that a tunnel leads to.
  const [, , , , high = 0, low] = address.parts;
  return low === 0x5efe && (high & 0xfdff) === 0 ? 'isatap' : 'public';
}

export type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** `10.0.0.0/8`, `fd00::/8`, or one address; null when it is neither. */
export function parseNetwork(text: string): Network | null {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = parseAddress(text);
  return address === null ? null : [address, address.kind() === 'ipv4' ? 32 : 128];
}

export function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: Network): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}
