import { describe, expect, it } from 'vitest'
import type { NoticeList, NoticeView } from '@/lib/notices/view'
import { countWords, markedRead, newsWords, seenHere } from './notice-queries'

const notice = (id: string, minute: number, readAt: string | null = null): NoticeView => ({
  id,
  kind: 'job_stopped',
  heading: `Job ${minute} stopped`,
  sentence: 'It took longer than it may.',
  workflow: null,
  job: null,
  href: null,
  at: `2026-11-24T10:0${minute}:00.000Z`,
  readAt,
})
const list = (...items: NoticeView[]): NoticeList => ({
  unread: items.filter(({ readAt }) => readAt === null).length,
  items,
})
const NOW = '2026-11-24T11:00:00.000Z'

describe('what a screen reader says of new notices', () => {
  it('is nothing at the first look, and nothing where nothing came', () => {
    expect(newsWords(undefined, list(notice('a', 1)))).toBeNull()
    expect(newsWords(list(notice('a', 1)), list(notice('a', 1)))).toBeNull()
  })

  it('names one, and counts several', () => {
    expect(newsWords(list(notice('a', 1)), list(notice('b', 2), notice('a', 1)))).toBe('New notice: Job 2 stopped')
    expect(newsWords(list(), list(notice('b', 2), notice('a', 1)))).toBe('2 new notices')
  })

  it('leaves out what was read elsewhere', () => {
    expect(newsWords(list(), list(notice('a', 1, NOW)))).toBeNull()
    expect(newsWords(list(notice('a', 1)), list(notice('a', 1, NOW)))).toBeNull()
  })
})

describe('marking notices as read', () => {
  it('marks those that are named, and counts each once', () => {
    const before = { ...list(notice('b', 2), notice('a', 1, NOW)), unread: 7 }
    const after = markedRead(before, { ids: ['a', 'b', 'not listed'] }, NOW)
    expect(after.unread).toBe(6)
    expect(after.items.map(({ readAt }) => readAt)).toEqual([NOW, NOW])
  })

  it('marks all that were shown, and none that came since', () => {
    const before = { ...list(notice('b', 2), notice('a', 1)), unread: 80 }
    const after = markedRead(before, { all: true, upTo: notice('a', 1).at }, NOW)
    expect(after.unread).toBe(1)
    expect(after.items.map(({ readAt }) => readAt)).toEqual([null, NOW])
  })
})

it('a hundred unread notices are not counted any further', () => {
  expect([1, 99, 100].map(countWords)).toEqual(['1', '99', '99+'])
})

it('being on the page to which a notice leads is reading it; that of a stopped queue is not read there', () => {
  const here = { ...notice('a', 1), href: '/jobs/7' }
  const elsewhere = { ...notice('b', 2), href: '/jobs/8' }
  const stopped = { ...notice('c', 3), href: '/jobs/7', kind: 'queue_stopped' as const }
  const readBefore = { ...notice('d', 4, NOW), href: '/jobs/7' }
  expect(seenHere(list(here, elsewhere, stopped, readBefore), '/jobs/7')).toEqual(['a'])
})
