// Where a hosted backend connects to, shown on the wire: servers that listen, a name server that lies.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GenrtlError } from '@genrtl/contracts';
import { readModelConfig } from '../models/config.ts';
import { buildModelRouter } from '../models/router.ts';
import { failure, PROMPT, SECRET, unused } from '../models/wire-fixture.ts';
import { networkOf, parseAddress } from './addresses.ts';
import { guardOf, NetworkGuard, type Resolve } from './guard.ts';
import { guardedAgent, guardedFetch } from './guarded-fetch.ts';

/** Everything that reached a server that must not be reached. */
const reached: string[] = [];
let secret: Server;
let port: number;

beforeAll(async () => {
  secret = createServer((request, response) => {
    reached.push(`${request.socket.localAddress ?? ''} ${request.headers.host ?? ''}`);
    response.end('{"secret":true}');
  });
  await new Promise<void>((resolve) => void secret.listen(0, '0.0.0.0', resolve));
  port = (secret.address() as AddressInfo).port;
});
afterAll(() => {
  secret.closeAllConnections();
  secret.close();
});

/** One address in all the ways in which it can be written, and what it is. */
const REFUSED: readonly (readonly [what: string, host: string])[] = [
  ['loopback', '127.0.0.1'],
  ['another loopback', '127.8.9.10'],
  ['short form', '127.1'],
  ['decimal', '2130706433'],
  ['octal', '0177.0.0.1'],
  ['octal in one number', '017700000001'],
  ['hexadecimal', '0x7f000001'],
  ['hexadecimal by parts', '0x7f.0x0.0x0.0x1'],
  ['a trailing dot', '127.0.0.1.'],
  ['decimal with a trailing dot', '2130706433.'],
  ['full-width digits', '１２７.０.０.１'],
  ['percent-encoded', '%31%32%37.0.0.1'],
  ['zero address', '0.0.0.0'],
  ['zero', '0'],
  ['this network', '0.1.2.3'],
  ['private 10', '10.1.2.3'],
  ['private 172', '172.16.0.1'],
  ['private 192', '192.168.1.1'],
  ['link-local', '169.254.1.1'],
  ['metadata of most clouds', '169.254.169.254'],
  ['metadata, decimal', '2852039166'],
  ['metadata of Alibaba', '100.100.100.200'],
  ['metadata of Oracle', '192.0.0.192'],
  ['host agent of Azure', '168.63.129.16'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['benchmarks', '198.18.0.1'],
  ['documentation', '203.0.113.7'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['IPv6 loopback', '[::1]'],
  ['IPv6 zero', '[::]'],
  ['IPv4-mapped', '[::ffff:127.0.0.1]'],
  ['IPv4-mapped, hexadecimal', '[::ffff:7f00:1]'],
  ['IPv4-compatible', '[::127.0.0.1]'],
  ['IPv4-translated', '[::ffff:0:127.0.0.1]'],
  ['NAT64', '[64:ff9b::127.0.0.1]'],
  ['NAT64 of metadata', '[64:ff9b::a9fe:a9fe]'],
  ['local NAT64', '[64:ff9b:1::1]'],
  ['local NAT64 that ends like a public address', '[64:ff9b:1:a00:1:200:808:808]'],
  ['NAT64 in hexadecimal parts', '[64:ff9b:0:0:0:0:7f00:1]'],
  ['two numbers, the first hexadecimal', '0x7f.1'],
  ['octal in two numbers', '0177.1'],
  ['digits in circles', '①②⑦.⓪.⓪.①'],
  ['ideographic full stops', '127。0。0。1'],
  ['a soft hyphen in it', '12\u00ad7.0.0.1'],
  ['a name of this machine, in circles', 'ⓛocalhost'],
  ['6to4', '[2002:7f00:1::1]'],
  ['Teredo', '[2001:0:7f00:1::1]'],
  ['ISATAP', '[2a00:1450::5efe:7f00:1]'],
  ['unique local', '[fd00::1]'],
  ['metadata of AWS over IPv6', '[fd00:ec2::254]'],
  ['IPv6 link-local', '[fe80::1]'],
  ['site-local', '[fec0::1]'],
  ['IPv6 multicast', '[ff02::1]'],
  ['IPv6 documentation', '[2001:db8::1]'],
  ['a name of this machine', 'localhost'],
];

const guard = guardOf({});
const routerAt = (baseUrl: string, own: NetworkGuard | null = guard) =>
  buildModelRouter({
    config: readModelConfig(
      {
        OPENAI_BASE_URL: baseUrl,
        OPENAI_API_KEY: SECRET,
        GENRTL_MODEL: 'm',
        GENRTL_MODEL_PRICES: '{"m":{"input":"1","output":"1"}}',
        GENRTL_MODEL_CONNECT_TIMEOUT_MS: '5000',
      },
      {},
      own,
    ),
    composer: unused,
  });
const ask = (router: ReturnType<typeof routerAt>) =>
  router.call(router.choose('plan', null)[0]!, PROMPT, {
    signal: new AbortController().signal,
    onToken: () => undefined,
    catalog: [],
  });

/** What a name server says, answer by answer; the last one stays. */
function liar(...answers: readonly (readonly string[])[]): { resolve: Resolve; asked: () => number } {
  let asked = 0;
  return {
    resolve: async () => {
      const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
      asked += 1;
      return answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
    asked: () => asked,
  };
}

describe('addresses that nobody but the operator may name', () => {
  it.each(REFUSED)('%s: %s', async (_what, host) => {
    const before = reached.length;
    const error = await failure(ask(routerAt(`http://${host}:${port}/v1`)));
    expect(error).toMatchObject({ code: 'ADDRESS_REFUSED', retryable: false });
    expect(JSON.stringify(error.toBody())).not.toContain(SECRET);
    await expect(guardedFetch(guard)(`http://${host}:${port}/`)).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
    expect(reached.length).toBe(before);
  });

  it('public addresses are public, in every form', () => {
    const kinds = ['1.1.1.1', '16843009', '[2606:4700::1111]', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'].map((text) => {
      const address = parseAddress(text);
      return address === null ? 'none' : networkOf(address);
    });
    expect(kinds).toEqual(['public', 'public', 'public', 'public', 'public']);
  });
});

describe('names', () => {
  it('rebinding: the name is asked once, and the connection goes to the address that was checked', async () => {
    const server = liar(['127.0.0.2'], ['127.0.0.1']);
    const own = new NetworkGuard({ privateNetworks: ['127.0.0.2'], resolve: server.resolve });
    reached.length = 0;
    await failure(ask(routerAt(`http://rebind.example:${port}/v1`, own)));
    expect(reached).toEqual([`127.0.0.2 rebind.example:${port}`]);
    expect(server.asked()).toBe(1);
    const later = await failure(ask(routerAt(`http://rebind.example:${port}/v1`, own)));
    expect(later.code).toBe('ADDRESS_REFUSED');
    expect(reached).toHaveLength(1);
  });

  it('one address that may not be reached refuses all of a name', async () => {
    const own = new NetworkGuard({ privateNetworks: ['127.0.0.2'], resolve: liar(['127.0.0.2', '10.0.0.1']).resolve });
    reached.length = 0;
    const error = await failure(ask(routerAt(`http://two-faces.example:${port}/v1`, own)));
    expect(error.code).toBe('ADDRESS_REFUSED');
    expect(reached).toEqual([]);
    // who names a host does not learn where it leads
    expect(JSON.stringify(error.toBody())).not.toContain('10.0.0.1');
  });

  it('a name without an address is a server that cannot be reached', async () => {
    const own = new NetworkGuard({ privateNetworks: [], resolve: liar([]).resolve });
    expect((await failure(ask(routerAt(`http://nowhere.example:${port}/v1`, own)))).code).toBe('MODEL_UNAVAILABLE');
  });
});

describe('what may be reached', () => {
  it('networks that the operator names; a redirect out of them is not followed', async () => {
    const own = guardOf({ GENRTL_PRIVATE_NETWORKS: ' 127.0.0.0/8, fd00::/8 ' });
    const moved = createServer((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${port}/taken` }).end();
    });
    await new Promise<void>((resolve) => void moved.listen(0, '127.0.0.3', resolve));
    const at = `http://127.0.0.3:${(moved.address() as AddressInfo).port}`;
    reached.length = 0;
    const fetched = await guardedFetch(own)(`http://127.0.0.1:${port}/`);
    expect(await fetched.json()).toEqual({ secret: true });
    expect(reached).toHaveLength(1);
    await expect(guardedFetch(own)(`${at}/`)).rejects.toThrow();
    expect((await failure(ask(routerAt(`${at}/v1`, own)))).message).toContain('redirect');
    expect(reached).toHaveLength(1);
    moved.close();
  });

  it('every hop of a chain of redirects, where a library follows them', async () => {
    const own = new NetworkGuard({ privateNetworks: ['127.0.0.3', '127.0.0.4'] });
    const redirecting = async (host: string, to: string): Promise<Server> => {
      const server = createServer((_request, response) => void response.writeHead(302, { location: to }).end());
      await new Promise<void>((resolve) => void server.listen(0, host, resolve));
      return server;
    };
    const at = (host: string, server: Server): string => `http://${host}:${(server.address() as AddressInfo).port}/`;
    const second = await redirecting('127.0.0.4', `http://[::ffff:7f00:1]:${port}/`);
    const first = await redirecting('127.0.0.3', at('127.0.0.4', second));
    reached.length = 0;
    const followed = undiciFetch(at('127.0.0.3', first), { dispatcher: guardedAgent(own) });
    await expect(followed).rejects.toMatchObject({ cause: { code: 'ADDRESS_REFUSED' } });
    expect(reached).toEqual([]);
    first.close();
    second.close();
  });

  it('no address behind what only looks like a host', async () => {
    reached.length = 0;
    for (const url of [
      `http://8.8.8.8@127.0.0.1:${port}/`,
      `http://8.8.8.8:80@127.0.0.1:${port}/`,
      `http:127.0.0.1:${port}/`,
      `http:///127.0.0.1:${port}/`,
      `http://127.0.0.1:${port}\\@8.8.8.8/`,
      `http://127.0.0.1:${port}#@8.8.8.8/`,
      `http://127.0.0.1..:${port}/`,
      `http://[::1%25lo]:${port}/`,
    ])
      await expect(guardedFetch(guard)(url)).rejects.toThrow();
    expect(reached).toEqual([]);
  });

  it('everything that the person set, on the person’s own machine', async () => {
    reached.length = 0;
    const error = await failure(ask(routerAt(`http://localhost:${port}/v1`, null)));
    expect(error.code).toBe('MODEL_MALFORMED');
    expect(reached).toHaveLength(1);
  });

  it('a list that cannot be read stops the start', () => {
    expect(() => guardOf({ GENRTL_PRIVATE_NETWORKS: '10.0.0.0/8,the office' })).toThrow(GenrtlError);
  });
});
