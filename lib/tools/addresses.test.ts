import { describe, expect, test } from 'vitest'
import { ALLOW_NOTHING, BadAllowList, mayReach, parseAllowList } from './addresses'

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.0.1',
  '192.0.1.1',
  '2606:4700::1111',
  '2a00:1450:4001::200e',
  '::ffff:8.8.8.8',
  '64:ff9b::808:808',
])('%s is public', (address) => {
  expect(mayReach('tools.example', address, ALLOW_NOTHING)).toBe(true)
})

test.each([
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.255',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.9',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '0:0:0:0:0:ffff:a9fe:a9fe',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'localhost',
  '',
  '127.1',
])('%s is not public', (address) => {
  expect(mayReach('tools.example', address, ALLOW_NOTHING)).toBe(false)
})

describe('the allow-list of the operator', () => {
  const allowed = parseAllowList(' Refunds.internal, 10.1.0.0/16 ,192.168.7.7,fd00:1::/32 ')

  test.each([
    ['any name to an address of an allowed network', 'x.example', '10.1.200.3', true],
    ['its neighbour network not', 'x.example', '10.2.0.1', false],
    ['a single address', 'x.example', '192.168.7.7', true],
    ['the address beside it not', 'x.example', '192.168.7.8', false],
    ['an IPv6 network', 'x.example', 'fd00:1::5', true],
    ['an allowed address in its IPv6 form', 'x.example', '::ffff:10.1.0.1', true],
    ['an allowed name to a private address', 'refunds.internal', '172.20.0.4', true],
    ['an allowed name, however it is written', 'REFUNDS.internal.', '172.20.0.4', true],
    ['a name below an allowed one not', 'evil.refunds.internal', '172.20.0.4', false],
    ['an allowed name to this host', 'refunds.internal', '127.0.0.1', true],
    ['an allowed name to the metadata of the cloud not', 'refunds.internal', '169.254.169.254', false],
    ['an allowed name to everybody not', 'refunds.internal', '255.255.255.255', false],
    ['an allowed name to the unspecified address not', 'refunds.internal', '::', false],
  ])('lets %s', (_words, host, address, answer) => {
    expect(mayReach(host, address, allowed)).toBe(answer)
  })

  test.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0/8', 'a b', '10.0.0.0/8/8', 'http://x', '::/129', '*'])(
    'does not take %s for an entry',
    (entry) => {
      expect(() => parseAllowList(entry)).toThrow(BadAllowList)
    },
  )

  test('may be empty', () => {
    expect(mayReach('x', '10.0.0.1', parseAllowList(' , '))).toBe(false)
  })
})
