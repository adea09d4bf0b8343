'use client'
import { ArrowDown, ArrowUp, Pencil, Trash2 } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { IconButton } from '@/components/ui/icon-button'
import { Table, TBody, Td, THead, Th, Tr } from '@/components/ui/table'
import { type FailureClass, failureClasses } from '@/lib/lifecycle/failure'
import { CLASS_WORDS } from '@/lib/lifecycle/retry'
import type { Rule } from '@/lib/rules/types'
import { thenWords, toldWords, whenWords } from '@/lib/rules/words'

export type RuleTableProps = {
  rules: readonly Rule[]
  /** Only rules with these words are shown. */
  search: string
  /** Rules that are not as they are in force. */
  changed: ReadonlySet<string>
  edit: { open: (rule: Rule) => void; remove: (rule: Rule) => void; move: (rule: Rule, by: -1 | 1) => void } | null
}

/** The rules, by class. The number is their place: of several that fit, the first decides. */
export function RuleTable({ rules, search, changed, edit }: RuleTableProps) {
  const wanted = search.trim().toLowerCase()
  const shown = rules
    .map((rule, index) => ({ rule, place: index + 1 }))
    .filter(({ rule }) =>
      `${whenWords(rule)} ${thenWords(rule)} ${toldWords(rule)} ${CLASS_WORDS[rule.class]}`
        .toLowerCase()
        .includes(wanted),
    )
  if (shown.length === 0) return <p className="py-6 text-center text-muted">No rule has these words.</p>
  return (
    <Table label="Failure rules" className="min-w-[44rem]">
      <THead>
        <Tr>
          <Th className="w-10 text-right">#</Th>
          <Th>When</Th>
          <Th>Then</Th>
          <Th>People are told</Th>
          {edit && <Th className="w-36 text-right">Change</Th>}
        </Tr>
      </THead>
      {failureClasses.map((failureClass) => {
        const group = shown.filter(({ rule }) => rule.class === failureClass)
        if (group.length === 0) return null
        return (
          <TBody key={failureClass}>
            <Tr>
              <th
                scope="rowgroup"
                colSpan={edit ? 5 : 4}
                className="border-b border-line bg-sunken px-3 py-1.5 text-left text-sm font-semibold"
              >
                {capital(CLASS_WORDS[failureClass])}
                <span className="ml-2 font-normal text-muted">{CLASS_HINTS[failureClass]}</span>
              </th>
            </Tr>
            {group.map(({ rule, place }) => (
              <Tr key={rule.id}>
                <Td numeric className="align-top text-faint tabular-nums">
                  {place}
                </Td>
                <Td className="align-top">
                  <span className="wrap-anywhere">{whenWords(rule)}</span>
                  {changed.has(rule.id) && (
                    <Badge tone="informative" className="ml-2">
                      draft
                    </Badge>
                  )}
                </Td>
                <Td className="align-top">{thenWords(rule)}</Td>
                <Td className="max-w-80 align-top text-muted">{toldWords(rule)}</Td>
                {edit && (
                  <Td className="align-top">
                    <span className="flex justify-end">
                      <IconButton size="sm" label={`Edit: ${whenWords(rule)}`} onClick={() => edit.open(rule)}>
                        <Pencil aria-hidden />
                      </IconButton>
                      <IconButton
                        size="sm"
                        label={`Move up: ${whenWords(rule)}`}
                        disabled={place === 1}
                        onClick={() => edit.move(rule, -1)}
                      >
                        <ArrowUp aria-hidden />
                      </IconButton>
                      <IconButton
                        size="sm"
                        label={`Move down: ${whenWords(rule)}`}
                        disabled={place === rules.length}
                        onClick={() => edit.move(rule, 1)}
                      >
                        <ArrowDown aria-hidden />
                      </IconButton>
                      <IconButton size="sm" label={`Remove: ${whenWords(rule)}`} onClick={() => edit.remove(rule)}>
                        <Trash2 aria-hidden />
                      </IconButton>
                    </span>
                  </Td>
                )}
              </Tr>
            ))}
          </TBody>
        )
      })}
    </Table>
  )
}

const CLASS_HINTS: Record<FailureClass, string> = {
  infrastructure: 'tried again by itself',
  timeout: 'tried again by itself',
  malformed_input: 'fails, and never retries by itself',
  policy: 'fails, and never retries by itself',
  review_required: 'held for a person, and never retries by itself',
  unclassified: 'held for a person, and never retries by itself',
}

const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)
