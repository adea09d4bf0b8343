import { expect, test } from 'vitest'
import { letterOf } from './letter'

const item = (number: number, over = {}) => ({
  kind: 'job_done' as const,
  heading: `Job ${number} is done`,
  sentence: 'Rob approved the result.',
  job: { number, title: 'The lease\r\nBcc: eve@example.org' },
  workflow: { key: 'report', name: 'Report' },
  href: `/jobs/${number}`,
  ...over,
})

test('a letter has one link, and the title stays on its line', () => {
  const { subject, text } = letterOf([item(7)], 'https://holdpoint.example.org')
  expect(subject).toBe('Job 7 is done')
  expect(text).toContain('The lease Bcc: eve@example.org (Report)\n')
  expect(text.match(/https:\S+/g)).toEqual(['https://holdpoint.example.org/jobs/7'])
  expect(subject).not.toContain('lease')
})

test('several notices have one link, to where all of them are found', () => {
  const { subject, text } = letterOf([item(7), item(8)], 'https://holdpoint.example.org')
  expect(subject).toBe('2 notices from Holdpoint')
  expect(text.match(/https:\S+/g)).toEqual(['https://holdpoint.example.org/jobs'])
})

test('without an address a letter names the jobs to look for', () => {
  expect(letterOf([item(7), item(8)], null).text).toContain('Open Holdpoint and look for jobs 7 and 8.')
  expect(letterOf([item(7, { kind: 'review_waits', href: '/review' })], null).text).toContain(
    'Open Holdpoint to see it.',
  )
})
