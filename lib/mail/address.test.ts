import fc from 'fast-check'
import { expect, test } from 'vitest'
import { domainOf, isPlainAddress, parseSender } from './address'
import { parseSmtpUrl } from './smtp-url'

test.each(['a@b', 'dana@example.com', "o'neil+tag=1@mail.example.co.uk", 'a.b.c@xn--bcher-kva.example', '1@2.example'])(
  '%s is a plain address',
  (address) => {
    expect(isPlainAddress(address)).toBe(true)
  },
)

test.each([
  '',
  '@',
  'a@',
  '@b',
  'a b@c',
  'a@b c',
  '.a@b',
  'a.@b',
  'a..b@c',
  'a@-b',
  'a@b-',
  'a@b..c',
  'a,b@c',
  '<a@b>',
  'a@b\n',
  'a@b@c',
])('%j is none', (address) => {
  expect(isPlainAddress(address)).toBe(false)
})

test('a plain address never holds what ends a command or begins another recipient', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress()), (text) => {
      if (isPlainAddress(text)) expect(text).toMatch(/^[^\s<>(),;:\\"[\]\p{Cc}\p{Cf}]+@[a-z0-9.-]+$/iu)
    }),
    { numRuns: 1_000 },
  )
})

test.each([
  ['desk@example.com', { name: null, address: 'desk@example.com' }],
  [' desk@example.com ', { name: null, address: 'desk@example.com' }],
  ['The desk <desk@example.com>', { name: 'The desk', address: 'desk@example.com' }],
  ['"Büro, Mitte" <desk@example.com>', { name: 'Büro, Mitte', address: 'desk@example.com' }],
  ['<desk@example.com>', null],
  ['desk', null],
  ['The desk <desk@example.com>, Eve <eve@example.com>', null],
  ['The\r\ndesk <desk@example.com>', null],
])('whom a letter is from is read from %j', (text, sender) => {
  expect(parseSender(text)).toEqual(sender)
})

test('the domain of an address is what stands behind the @', () => {
  expect(domainOf('desk@mail.example.com')).toBe('mail.example.com')
})

test.each([
  ['smtp://mail.example.com', { host: 'mail.example.com', port: 587, isSecure: false, login: null }],
  ['smtps://mail.example.com/', { host: 'mail.example.com', port: 465, isSecure: true, login: null }],
  [
    'smtp://desk%40example.com:p%40ss%3Aword@[::1]:2525',
    { host: '::1', port: 2525, isSecure: false, login: { user: 'desk@example.com', password: 'p@ss:word' } },
  ],
  [
    'smtps://token:@mail.example.com',
    { host: 'mail.example.com', port: 465, isSecure: true, login: { user: 'token', password: '' } },
  ],
  ['http://mail.example.com', null],
  ['mail.example.com:25', null],
  ['smtp://', null],
  ['smtp://mail.example.com/path', null],
  ['smtp://mail.example.com?tls=off', null],
  ['smtp://desk:p%zz@mail.example.com', null],
])('the mail server is read from %s', (text, server) => {
  expect(parseSmtpUrl(text)).toEqual(server)
})
