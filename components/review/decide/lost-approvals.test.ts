import { expect, it } from 'vitest'
import type { ReviewView } from '@/lib/jobs/view'
import { lostApprovals } from './lost-approvals'

const decision = (name: string, command: 'endorse' | 'comment', voidedAt: string | null = null) =>
  ({ command, voidedAt, by: { kind: 'person', id: name, name } }) as unknown as ReviewView['decisions'][number]

it('names whose approvals an edit takes back, and nobody else', () => {
  const decisions = [decision('Dana', 'endorse'), decision('Kim', 'endorse'), decision('Lee', 'endorse', 'x')]
  expect(lostApprovals({ decisions })).toContain('Dana and Kim approved the text as it is. Those approvals')
  expect(lostApprovals({ decisions: [decision('Dana', 'endorse')] })).toContain('That approval will')
})

it('says nothing where nobody approved', () => {
  expect(lostApprovals({ decisions: [decision('Dana', 'comment'), decision('Kim', 'endorse', 'x')] })).toBeNull()
  expect(lostApprovals(undefined)).toBeNull()
})
