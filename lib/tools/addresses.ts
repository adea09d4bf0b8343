/** Which addresses a call may go to: public ones, and what the operator's allow-list names. Pure. */
import { BlockList, isIP } from 'node:net'

/**
 * What is not the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry and
 * iana-ipv6-special-registry. Of IPv6 only 2000::/3 is given out at all, so only what is special within it is listed.
 */
const PRIVATE_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]
const PRIVATE_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

const privateV4 = listOf(PRIVATE_IPV4)
const privateV6 = listOf(PRIVATE_IPV6)
const publicV6 = listOf(['2000::/3'])
/** Nowhere that a name may lead, even one that the operator allows: the cloud's metadata, this link, everybody. */
const neverByName = listOf([
  '169.254.0.0/16',
  '0.0.0.0/8',
  '224.0.0.0/4',
  '240.0.0.0/4',
  'fe80::/10',
  'ff00::/8',
  '::/128',
])

/** What the operator allows beyond public addresses. */
export type AllowList = { hosts: ReadonlySet<string>; networks: BlockList }

/** What is wrong with one entry of the list, as a sentence. */
export class BadAllowList extends Error {
  override name = 'BadAllowList'
}

/**
 * Reads HOLDPOINT_ALLOW_PRIVATE: names of hosts, addresses and networks (10.1.0.0/16), separated by commas.
 * @throws {BadAllowList}
 */
export function parseAllowList(text: string): AllowList {
  const hosts = new Set<string>()
  const networks = new BlockList()
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue
    if (entry.includes('/') || isIP(entry) !== 0) addNetwork(networks, entry)
    else if (/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(entry)) hosts.add(entry.toLowerCase())
    else throw new BadAllowList(`“${entry}” is no host, address or network`)
  }
  return { hosts, networks }
}

/** Nothing private. */
export const ALLOW_NOTHING: AllowList = { hosts: new Set(), networks: new BlockList() }

function listOf(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) addNetwork(list, entry)
  return list
}

function addNetwork(list: BlockList, entry: string): void {
  const [address = '', prefix, ...rest] = entry.split('/')
  const family = isIP(address)
  const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix)
  const isWhole = Number.isInteger(bits) && bits >= 0 && bits <= (family === 4 ? 32 : 128)
  if (family === 0 || rest.length > 0 || !isWhole || prefix === '') {
    throw new BadAllowList(`“${entry}” is no address or network`)
  }
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Whether a call to `host` may be sent to `address`, one of those that it was looked up as. `host` is as the URL has
 * it, without brackets.
 */
export function mayReach(host: string, address: string, allowed: AllowList): boolean {
  const plain = withoutMapping(address)
  if (isPublic(plain)) return true
  if (isIn(allowed.networks, plain)) return true
  return isIP(host) === 0 && allowed.hosts.has(withoutDot(host)) && !isIn(neverByName, plain)
}

const withoutDot = (host: string) => host.toLowerCase().replace(/\.$/, '')

function isPublic(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !isIn(privateV4, address)
    case 6:
      return isIn(publicV6, address) && !isIn(privateV6, address)
    default:
      return false
  }
}

function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** ::ffff:10.0.0.1 and 64:ff9b::10.0.0.1 lead to 10.0.0.1, however they are written. */
function withoutMapping(address: string): string {
  if (isIP(address) !== 6) return address
  // The URL parser writes every form of an IPv6 address in the one way of RFC 5952.
  const host = URL.canParse(`http://[${address}]/`) ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address
  const mapped = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host)
  if (mapped === null) return host
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
