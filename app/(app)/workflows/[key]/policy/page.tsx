import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { LinkButton } from '@/components/ui/link-button'
import { PageHeader } from '@/components/ui/page-header'
import { NotForYou } from '@/components/workflows/not-for-you'
import { PolicyEditor } from '@/components/workflows/policy/policy-editor'
import { hasRole } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { placesIn } from '@/lib/workflows/answer-paths'
import { readHistory } from '@/lib/workflows/catalogue.server'
import type { JsonSchema, WorkflowDefinition } from '@/lib/workflows/definition'
import { GENERAL_CHECKS } from '@/lib/workflows/general-checks'
import { waitingByVersion } from '@/lib/workflows/waiting.server'
import { checkPolicy, savePolicy } from './actions'

export const metadata: Metadata = { title: 'Edit a policy' }

/** The policy of a workflow's current version, to be changed. */
export default async function PolicyPage({ params }: { params: Promise<{ key: string }> }) {
  const key = sanitiseText(decodeURIComponent((await params).key))
  const actor = await requireActor(`/workflows/${key}/policy`)
  if (!hasRole(actor, 'lead')) {
    return (
      <NotForYou
        page="Edit a policy"
        title="This page is for leads and owners"
        hint="A policy decides who must look before something leaves. Ask a lead to change it."
      />
    )
  }
  const history = await readHistory(db(), key)
  const current = history?.versions.find(({ version }) => version === history.currentVersion)
  if (current === undefined) notFound()
  const { definition, version } = current
  const { name, kind, review, delivery, inputSchema, output, evidence } = definition
  const places = placesIn(output.schema)
  return (
    <>
      <PageHeader
        title={
          <>
            Policy of {name} <span className="text-base font-normal text-faint">version {version}</span>
          </>
        }
        hint="Who must look at a result before it counts, and what leaves then."
        actions={<LinkButton href={`/workflows/${key}`}>Back to the workflow</LinkButton>}
      />
      <PolicyEditor
        workflow={{ key, version, name, kind, review, delivery, inputSchema }}
        places={places}
        facts={{ hasClaims: evidence !== null, checks: checksOf(definition) }}
        deliveryPlaces={{
          input: inputPlaces(inputSchema),
          result: places.filter(({ pointer }) => !pointer.split('/').includes('*')),
        }}
        waiting={await waitingByVersion(db(), key)}
        actions={{ check: checkPolicy.bind(null, key), publish: savePolicy.bind(null, key) }}
      />
    </>
  )
}

function checksOf({ checks }: WorkflowDefinition) {
  return [...checks.map(({ id, label }) => ({ id, label })), ...GENERAL_CHECKS]
}

function inputPlaces({ properties }: JsonSchema): { pointer: string; title: string }[] {
  if (typeof properties !== 'object' || properties === null) return []
  return Object.entries(properties as Record<string, { title?: unknown }>).map(([name, { title }]) => ({
    pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    title: typeof title === 'string' ? title : name,
  }))
}
