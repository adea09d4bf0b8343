'use client'
import { useRouter } from 'next/navigation'
import { useLayoutEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Input } from '@/components/ui/input'
import { LinkButton } from '@/components/ui/link-button'
import { PageHeader } from '@/components/ui/page-header'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { putBack } from '@/components/ui/put-back'
import { Select } from '@/components/ui/select'
import { useToast } from '@/components/ui/toast'
import { compareRules, isSame } from '@/lib/rules/compare'
import type { UnclassifiedGroup } from '@/lib/rules/trial'
import type { Rule } from '@/lib/rules/types'
import { whenWords } from '@/lib/rules/words'
import type { RulesActions } from './actions'
import { checkRule } from './check-rule'
import { freeId, moved, newRule, ontoNewer, withoutRule, withRule } from './draft'
import { PublishPanel } from './publish-panel'
import { RuleDialog } from './rule-dialog'
import { RuleList, type RuleSorting } from './rule-list'
import { UnclassifiedList } from './unclassified-list'
import { type RulesDraft, useRulesDraft } from './use-rules-draft'
import { type ShownVersion, VersionList } from './version-list'

export type RulesDeskProps = {
  /** Who reads it: a draft is theirs. */
  person: string
  inForce: { version: number; rules: Rule[] }
  /** The version that is read: another than that in force cannot be edited. */
  shown: { version: number; rules: Rule[] }
  versions: (ShownVersion & { rules: Rule[] })[]
  unclassified: UnclassifiedGroup[]
  /** Null where this person may only read. */
  actions: RulesActions | null
}

const SORTINGS = [
  { value: 'class', label: 'By class' },
  { value: 'place', label: 'In the order they are tried' },
] as const

/** The failure rules: what is in force, what nobody has mapped, a draft on its way, and every version there was. */
export function RulesDesk({ person, inForce, shown, versions, unclassified, actions }: RulesDeskProps) {
  const [draft, setDraft] = useRulesDraft(person)
  const [editing, setEditing] = useState<{ rule: Rule; isNew: boolean; isOpen: boolean; opened: number } | null>(null)
  const [search, setSearch] = useState('')
  const [sorting, setSorting] = useState<RuleSorting>('class')
  const [isPublishing, setPublishing] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const router = useRouter()
  const toast = useToast()
  const isOld = shown.version !== inForce.version
  const mayEdit = actions !== null && !isOld
  const rulesOf = (version: number) => versions.find((other) => other.version === version)?.rules ?? inForce.rules
  const shownDraft = mayEdit ? draft : null
  const rules = shownDraft?.rules ?? shown.rules
  const base = shownDraft === null ? rules : rulesOf(shownDraft.basedOn)
  const changes = compareRules(base, rules)
  const changed = new Set([...changes.added, ...changes.changed.map(({ after }) => after)].map(({ id }) => id))

  function draftOf(next: Rule[]): RulesDraft | null {
    const { basedOn, note } = draft ?? { basedOn: inForce.version, note: '' }
    return isSame(compareRules(rulesOf(basedOn), next)) ? null : { basedOn, note, rules: next }
  }
  const change = (next: Rule[]) => setDraft(draftOf(next))

  // What an "Undo" that is pressed later has before it.
  const now = { draft, rules: draft?.rules ?? inForce.rules, change, isPublishing }
  const latest = useRef(now)
  useLayoutEffect(() => {
    latest.current = now
  })

  function undoable(title: string, undo: () => void) {
    const onClick = () => {
      if (latest.current.isPublishing) toast({ title: 'The draft is being published, so nothing was undone.' })
      else undo()
    }
    toast({ title, action: { label: 'Undo', onClick } })
    // What had the focus is gone.
    heading.current?.focus()
  }

  function remove(rule: Rule) {
    const place = rules.findIndex(({ id }) => id === rule.id)
    change(withoutRule(rules, rule.id))
    undoable(`Removed from the draft: ${whenWords(rule)}`, () => {
      const now = latest.current.rules
      const isTaken = now.some(({ id }) => id === rule.id)
      const item = isTaken ? { ...rule, id: freeId(now, rule.signal) } : rule
      latest.current.change(putBack(now, rules, place, item))
    })
  }

  /** Puts another draft, or none, in place of the whole one. */
  function replace(title: string, next: RulesDraft | null) {
    const before = draft
    setDraft(next)
    undoable(title, () => {
      if (latest.current.draft === next) setDraft(before)
      else toast({ title: 'The draft was changed since, so nothing was undone.' })
    })
  }

  const open = (rule: Rule, isNew: boolean) =>
    setEditing({ rule, isNew, isOpen: true, opened: (editing?.opened ?? 0) + 1 })
  const begin = (signal: Rule['signal']) => open(newRule(signal, freeId(rules, signal)), true)

  /** A new rule has its id from what it looks at in the end. */
  const named = (rule: Rule) => (editing?.isNew ? { ...rule, id: freeId(rules, rule.signal) } : rule)

  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Failure rules"
        hint="What each failure means and what becomes of it. Of several rules that fit, the first decides."
        className="pb-0"
        actions={
          mayEdit && (
            <Button variant="primary" disabled={isPublishing} onClick={() => begin({ kind: 'code', value: '' })}>
              Add a rule
            </Button>
          )
        }
      />
      {isOld && (
        <Callout
          tone="neutral"
          title={`This is version ${shown.version}, which is not in force.`}
          actions={
            <LinkButton size="sm" href="/rules">
              Read what is in force
            </LinkButton>
          }
        >
          {draft !== null && actions !== null && 'Your draft is kept, and is there again when you go back.'}
        </Callout>
      )}
      {shownDraft !== null && actions !== null && (
        <PublishPanel
          draft={shownDraft}
          inForce={inForce.version}
          changes={changes}
          actions={{
            ...actions,
            publish: (ask) => {
              setPublishing(true)
              return actions.publish(ask).finally(() => setPublishing(false))
            },
          }}
          onNote={(note) => setDraft({ ...shownDraft, note })}
          onNewer={() => {
            const next = ontoNewer(base, rules, inForce.rules)
            const draft = { basedOn: inForce.version, note: shownDraft.note, rules: next }
            setDraft(isSame(compareRules(inForce.rules, next)) ? null : draft)
          }}
          onDrop={() => replace('The draft was dropped.', null)}
          onRefused={() => router.refresh()}
          onPublished={(version) => {
            setDraft(null)
            toast({ title: `Version ${version} is in force.`, tone: 'success' })
            heading.current?.focus()
            router.refresh()
          }}
        />
      )}
      {!isOld && (
        <Panel aria-labelledby="unclassified" inert={isPublishing}>
          <PanelHeader
            id="unclassified"
            title="Unclassified"
            hint="Codes that no rule names, in the last 30 days. Each was held for a person."
          />
          <UnclassifiedList groups={unclassified} onRule={mayEdit ? begin : null} />
        </Panel>
      )}
      <section aria-labelledby="rules" className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h2 id="rules" ref={heading} tabIndex={-1} className="mr-auto text-base font-semibold outline-hidden">
            {shownDraft === null ? `Version ${shown.version}` : 'Draft'}: {rules.length} rules
          </h2>
          <Select
            aria-label="Sorted"
            items={SORTINGS}
            value={sorting}
            onValueChange={setSorting}
            className="w-56 max-w-full"
          />
          <Input
            type="search"
            aria-label="Search the rules"
            placeholder="Search the rules"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className="w-56 max-w-full"
          />
        </div>
        {/* What is published is what stands here. */}
        <div inert={isPublishing}>
          <RuleList
            rules={rules}
            sorting={sorting}
            search={search}
            changed={changed}
            edit={
              mayEdit
                ? {
                    open: (rule) => open(rule, false),
                    remove,
                    move: (rule, by) => change(moved(rules, rule.id, by)),
                  }
                : null
            }
          />
        </div>
      </section>
      <Panel aria-labelledby="versions" inert={isPublishing}>
        <PanelHeader
          id="versions"
          title="Versions"
          hint="Each attempt records which version decided. None is ever changed."
        />
        <VersionList
          versions={versions}
          inForce={inForce.version}
          shown={shown.version}
          onRestore={
            mayEdit
              ? (version) => {
                  replace(`Version ${version} is in the draft.`, draftOf(rulesOf(version)))
                }
              : null
          }
        />
      </Panel>
      {editing !== null && (
        <RuleDialog
          // Each time anew: what was typed and not kept is gone.
          key={editing.opened}
          rule={editing.rule}
          isNew={editing.isNew}
          isOpen={editing.isOpen}
          check={(rule) => (actions === null ? Promise.resolve({}) : checkRule(actions, rules, named(rule)))}
          onClose={() => setEditing({ ...editing, isOpen: false })}
          onKeep={(rule) => {
            change(withRule(rules, named(rule)))
            setEditing({ ...editing, isOpen: false })
            toast({ title: `Kept in the draft: ${whenWords(rule)}`, description: 'It counts when it is published.' })
          }}
        />
      )}
    </div>
  )
}
