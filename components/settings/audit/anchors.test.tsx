import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { ToastProvider } from '@/components/ui/toast'
import type { AuditView } from '@/lib/audit/audit-view'
import { Anchors, PublicKeys } from './anchors'
import { TakenList } from './taken-list'

const view: AuditView = {
  asOf: '2026-11-30T11:00:00.000Z',
  last: { number: 1_204, at: '2026-11-30T10:59:20.000Z', hash: 'ab'.repeat(32), jobs: 3 },
  waiting: 0,
  waitingSince: null,
  keys: [],
  copies: [],
  taken: [],
}

const draw = (content: ReactNode) => renderToStaticMarkup(<ToastProvider>{content}</ToastProvider>)

test('the page says that everything is anchored, and that anchors stand nowhere else', () => {
  const page = draw(<Anchors view={view} />)
  expect(page).toContain('Everything is anchored')
  expect(page).toContain('1,204')
  expect(page).toContain('Nowhere: whoever owns the database')
})

test('an anchor that is overdue stands out, and so does a file that does not fit', () => {
  const late = { ...view, waiting: 2, waitingSince: '2026-11-30T10:40:00.000Z' }
  const copies = [
    {
      host: 'one',
      path: '/mnt/a',
      number: 3,
      at: view.asOf,
      problem: 'The file has anchor 3, and the database has not.',
    },
  ]
  const page = draw(<Anchors view={{ ...late, copies }} />)
  expect(page).toContain('The last anchor is old')
  expect(page).toContain('2 jobs wait for one that is overdue')
  expect(page).toContain('Not written any more')
  expect(page).toContain('The file has anchor 3, and the database has not.')
})

test('before the first anchor nothing is made up', () => {
  const page = draw(
    <>
      <Anchors view={{ ...view, last: null }} />
      <PublicKeys keys={[]} />
      <TakenList taken={[]} />
    </>,
  )
  expect(page).toContain('Nothing has been anchored yet')
  expect(page).toContain('It is made with the first anchor.')
  expect(page).toContain('None yet')
})
