import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { RulesDesk, type RulesDeskProps } from '@/components/rules/rules-desk'
import { NotForYou } from '@/components/workflows/not-for-you'
import { hasRole, readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { readNames } from '@/lib/jobs/people.server'
import { changesWords, compareRules } from '@/lib/rules/compare'
import { unclassified } from '@/lib/rules/dry-run.server'
import { currentRules, readRules } from '@/lib/rules/store.server'
import { db } from '@/lib/store/db.server'
import { checkRules, putInForce, tryRules } from './actions'

export const metadata: Metadata = { title: 'Failure rules' }

/** The rules in force, what nobody has mapped, and every version; `?version=N` reads an older one. */
export default async function RulesPage({ searchParams }: PageProps<'/rules'>) {
  const actor = await requireActor('/rules')
  if (!readsEverything(actor)) {
    return (
      <NotForYou
        page="Failure rules"
        title="This page is for those who see every job"
        hint="What became of your own job and why stands on its page, under Attempts."
      />
    )
  }
  const wanted = (await searchParams).version
  const inForce = await currentRules(db())
  const rows = await db().failureRuleSet.findMany({ orderBy: { version: 'desc' } })
  const authors = rows.map(({ authorId }) => authorId).filter((id) => id !== null)
  const names = await readNames(db(), authors, [])
  const versions = rows.map(({ version, note, authorId, createdAt, rules }, index) => {
    const before = rows[index + 1]
    return {
      version,
      note,
      author: authorId === null ? null : names.person(authorId),
      at: createdAt.toISOString(),
      changes: before === undefined ? null : changesWords(compareRules(readRules(before.rules), readRules(rules))),
      rules: readRules(rules),
    }
  })
  const shown = wanted === undefined ? inForce : versions.find(({ version }) => String(version) === wanted)
  if (shown === undefined) notFound()
  const props: RulesDeskProps = {
    person: actor.userId ?? '',
    inForce,
    shown: { version: shown.version, rules: shown.rules },
    versions,
    unclassified: await unclassified(db(), inForce.rules),
    actions: hasRole(actor, 'lead') ? { check: checkRules, tryOut: tryRules, publish: putInForce } : null,
  }
  return <RulesDesk {...props} />
}
