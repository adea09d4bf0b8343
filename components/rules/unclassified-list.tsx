'use client'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { UnclassifiedGroup } from '@/lib/rules/trial'

export type UnclassifiedListProps = {
  groups: readonly UnclassifiedGroup[]
  /** Null where this person may not change rules. */
  onRule: ((group: UnclassifiedGroup) => void) | null
}

/** Codes that no rule names. Each is held for a person until somebody says what it means. */
export function UnclassifiedList({ groups, onRule }: UnclassifiedListProps) {
  if (groups.length === 0) {
    return (
      <EmptyState
        title="Every failure of the last 30 days has a rule"
        hint="A code that nobody has mapped is held for a person, and turns up here."
        className="py-8"
      />
    )
  }
  return (
    <Table label="Unclassified codes" className="min-w-[40rem] border-0">
      <THead>
        <Tr>
          <Th>Code</Th>
          <Th className="text-right">How often</Th>
          <Th>First seen</Th>
          <Th>Last seen</Th>
          <Th>Example</Th>
          {onRule && <Th className="text-right">Rule</Th>}
        </Tr>
      </THead>
      <TBody>
        {groups.map((group) => (
          <Tr key={group.code}>
            <Td>
              <code className="text-xs wrap-anywhere">{group.code}</code>
            </Td>
            <Td numeric className="tabular-nums">
              {group.count}
            </Td>
            <Td>
              <Time value={group.firstAt} />
            </Td>
            <Td>
              <Time value={group.lastAt} />
            </Td>
            <Td className="max-w-80">
              <Link href={`/jobs/${group.example.jobNumber}`} className="underline">
                #{group.example.jobNumber}
              </Link>
              {group.example.message !== null && (
                <span className="block truncate text-sm text-muted" title={group.example.message}>
                  {group.example.message}
                </span>
              )}
            </Td>
            {onRule && (
              <Td className="text-right">
                <Button size="sm" onClick={() => onRule(group)} aria-label={`Make a rule for ${group.code}`}>
                  Make a rule
                </Button>
              </Td>
            )}
          </Tr>
        ))}
      </TBody>
    </Table>
  )
}
