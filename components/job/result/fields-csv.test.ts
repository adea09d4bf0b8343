import { expect, it } from 'vitest'
import { fieldsCsv } from './fields-csv'

it('has a row for each field with what carries it, and no formula', () => {
  const place = { documentId: 'd', quote: 'Total: 12', found: 'exact', start: 0, end: 1 } as const
  const csv = fieldsCsv(
    [
      { path: '/fields/0', name: 'Total', value: '=12', note: null },
      { path: '/fields/1', name: 'VAT', value: null, note: 'not found' },
    ],
    [
      {
        index: 0,
        path: '/fields/0',
        text: 'Total: =12',
        support: 'exact',
        citations: [
          { ...place, documentName: 'a.pdf', page: 2 },
          { ...place, documentName: 'b.txt', page: null },
        ],
      },
    ],
  )
  expect(csv.split('\r\n')).toEqual([
    'Field,Value,Note,Evidence,Sources,Quotes',
    `Total,'=12,,2 passages quoted exactly,"a.pdf, page 2\nb.txt","Total: 12\nTotal: 12"`,
    'VAT,,not found,,,',
    '',
  ])
})
