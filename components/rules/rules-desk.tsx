'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Input } from '@/components/ui/input'
import { LeaveGuard } from '@/components/ui/leave-guard'
import { LinkButton } from '@/components/ui/link-button'
import { PageHeader } from '@/components/ui/page-header'
import { Panel, PanelHeader } from '@/components/ui/panel'
import { useToast } from '@/components/ui/toast'
import { changesWords, compareRules, isSame } from '@/lib/rules/compare'
import type { UnclassifiedGroup } from '@/lib/rules/trial'
import type { Rule } from '@/lib/rules/types'
import { whenWords } from '@/lib/rules/words'
import { errorsOfRule, type RulesActions } from './actions'
import { freeId, moved, newRule, withoutRule, withRule } from './draft'
import { PublishPanel } from './publish-panel'
import { RuleDialog } from './rule-dialog'
import { RuleTable } from './rule-table'
import { UnclassifiedList } from './unclassified-list'
import { type ShownVersion, VersionList } from './version-list'

export type RulesDeskProps = {
  inForce: { version: number; rules: Rule[] }
  /** The version that is read: another than that in force cannot be edited. */
  shown: { version: number; rules: Rule[] }
  versions: (ShownVersion & { rules: Rule[] | null })[]
  unclassified: UnclassifiedGroup[]
  /** Null where this person may only read. */
  actions: RulesActions | null
}

/** The failure rules: what is in force, what nobody has mapped, a draft on its way, and every version there was. */
export function RulesDesk({ inForce, shown, versions, unclassified, actions }: RulesDeskProps) {
  const [draft, setDraft] = useState<Rule[] | null>(null)
  const [editing, setEditing] = useState<{ rule: Rule; isNew: boolean } | null>(null)
  const [search, setSearch] = useState('')
  const router = useRouter()
  const toast = useToast()
  const isOld = shown.version !== inForce.version
  const mayEdit = actions !== null && !isOld
  const rules = draft ?? shown.rules
  const changes = compareRules(inForce.rules, rules)
  const changed = new Set(
    draft === null ? [] : [...changes.added, ...changes.changed.map(({ after }) => after)].map(({ id }) => id),
  )

  function change(next: Rule[]) {
    setDraft(isSame(compareRules(inForce.rules, next)) ? null : next)
  }

  async function check(rule: Rule): Promise<Record<string, string>> {
    if (actions === null) return {}
    const next = withRule(rules, rule)
    const outcome = await actions.check(next)
    if (outcome.ok) return {}
    const index = next.findIndex(({ id }) => id === rule.id)
    const own = errorsOfRule(outcome, index)
    if (Object.keys(own).length > 0) return own
    return { '': outcome.errors.map(({ detail }) => detail).join(' ') || outcome.message }
  }

  function makeRule(group: UnclassifiedGroup) {
    setEditing({ rule: newRule(group.signal, freeId(rules, group.signal)), isNew: true })
  }

  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title="Failure rules"
        hint="What each failure means and what becomes of it. Of several rules that fit, the first decides."
        className="pb-0"
        actions={
          mayEdit && (
            <Button
              variant="primary"
              onClick={() =>
                setEditing({
                  rule: newRule({ kind: 'code', value: '' }, freeId(rules, { kind: 'code', value: 'new' })),
                  isNew: true,
                })
              }
            >
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
        />
      )}
      {draft !== null && actions !== null && (
        <PublishPanel
          // What was tried out and typed belongs to these very rules.
          key={JSON.stringify(draft)}
          rules={draft}
          basedOn={inForce.version}
          changes={changesWords(changes)}
          actions={actions}
          onDrop={() => setDraft(null)}
          onPublished={(version) => {
            setDraft(null)
            toast({ title: `Version ${version} is in force.`, tone: 'success' })
            router.refresh()
          }}
        />
      )}
      {!isOld && (
        <Panel aria-labelledby="unclassified">
          <PanelHeader
            id="unclassified"
            title="Unclassified"
            hint="Codes that no rule names, in the last 30 days. Each was held for a person."
          />
          <UnclassifiedList groups={unclassified} onRule={mayEdit ? makeRule : null} />
        </Panel>
      )}
      <section aria-labelledby="in-force" className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-3">
          <h2 id="in-force" className="text-base font-semibold">
            {draft === null ? `Version ${shown.version}` : 'Draft'}: {rules.length} rules
          </h2>
          <Input
            type="search"
            aria-label="Search the rules"
            placeholder="Search the rules"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            className="ml-auto w-64 max-w-full"
          />
        </div>
        <RuleTable
          rules={rules}
          search={search}
          changed={changed}
          edit={
            mayEdit
              ? {
                  open: (rule) => setEditing({ rule, isNew: false }),
                  remove: (rule) => {
                    change(withoutRule(rules, rule.id))
                    toast({ title: `Removed from the draft: ${whenWords(rule)}` })
                  },
                  move: (rule, by) => change(moved(rules, rule.id, by)),
                }
              : null
          }
        />
      </section>
      <Panel aria-labelledby="versions">
        <PanelHeader id="versions" title="Versions" hint="A job records which version decided. None is ever changed." />
        <VersionList
          versions={versions}
          inForce={inForce.version}
          shown={shown.version}
          onRestore={
            mayEdit
              ? (version) => {
                  const old = versions.find((other) => other.version === version)?.rules
                  if (old) change(old)
                }
              : null
          }
        />
      </Panel>
      {editing !== null && (
        <RuleDialog
          rule={editing.rule}
          isNew={editing.isNew}
          check={check}
          onClose={() => setEditing(null)}
          onKeep={(rule) => {
            change(withRule(rules, rule))
            setEditing(null)
          }}
        />
      )}
      <LeaveGuard
        isActive={draft !== null}
        title="Leave the draft?"
        description="The draft of the rules is not published, and would be lost."
      />
    </div>
  )
}
