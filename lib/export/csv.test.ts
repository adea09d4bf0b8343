import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvOf } from './csv'

it('ends each row with CR LF, and leaves null empty', () => {
  const rows = [
    ['Rent', 740],
    ['Fee', null],
  ]
  expect(csvOf(['Name', 'Value'], rows)).toBe('Name,Value\r\nRent,740\r\nFee,\r\n')
})

it('puts between quotes what separates, and doubles quotes', () => {
  expect(csvOf(['a,b'], [['say "no"'], ['one\r\ntwo'], ['a;b']])).toBe(
    '"a,b"\r\n"say ""no"""\r\n"one\r\ntwo"\r\n"a;b"\r\n',
  )
})

it.each([
  ['=HYPERLINK("https://evil.example","x")', `"'=HYPERLINK(""https://evil.example"",""x"")"`],
  ['+cmd', "'+cmd"],
  ['-2+3', "'-2+3"],
  ['@SUM(1)', "'@SUM(1)"],
  ['\tx', `"'\tx"`],
  ['\r=1', `"'\r=1"`],
  ['\n=1', `"'\n=1"`],
  ['\uff1d1+1', "'\uff1d1+1"],
])('makes text of the formula %j, in a header too', (formula, cell) => {
  expect(csvOf([formula], [[formula]])).toBe(`${cell}\r\n${cell}\r\n`)
})

it('leaves a negative number a number, and writes none that is not finite', () => {
  expect(csvOf(['n'], [[-2.5], [Number.NaN], [Number.POSITIVE_INFINITY]])).toBe('n\r\n-2.5\r\n\r\n\r\n')
})

it('can be read back by the grammar of RFC 4180, and no cell of it is a formula', () => {
  const pieces = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', ',', '\r\n', '=1', "'", '\t', ';'))
  const text = fc.array(pieces, { maxLength: 4 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), { maxLength: 5 }), (rows) => {
      const [header, ...read] = parse(csvOf(['h', 'i'], rows))
      expect(header).toEqual(['h', 'i'])
      for (const cell of read.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/)
      const lost = read
        .flat()
        .filter((cell, index) => !["'", ''].some((before) => cell === before + rows.flat()[index]))
      expect(lost).toEqual([])
      expect(read).toHaveLength(rows.length)
    }),
  )
})

/** As the grammar says it. */
function parse(csv: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}
