import { PencilLine } from 'lucide-react'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { AlertStrip } from '@/components/queues/alerts/alert-strip'
import { Badge } from '@/components/ui/badge'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { LinkButton } from '@/components/ui/link-button'
import { PageHeader } from '@/components/ui/page-header'
import { Time } from '@/components/ui/time'
import { Comparison } from '@/components/workflows/comparison'
import { DefinitionView } from '@/components/workflows/definition-view'
import { FileView } from '@/components/workflows/file-view'
import { NotForRequesters } from '@/components/workflows/not-for-you'
import { PolicyComparison } from '@/components/workflows/policy-comparison'
import { Retirement } from '@/components/workflows/retirement'
import { VersionList } from '@/components/workflows/version-list'
import { hasRole, readsEverything } from '@/lib/access/can'
import { originOf } from '@/lib/access/same-origin'
import { requireActor } from '@/lib/access/session.server'
import { readAlertNews } from '@/lib/alerts/list.server'
import { sampleFigures } from '@/lib/review/samples.server'
import { db } from '@/lib/store/db.server'
import { sanitiseText } from '@/lib/store/sanitise'
import { exportWorkflow, readHistory, type WorkflowHistory } from '@/lib/workflows/catalogue.server'
import { compareDefinitions } from '@/lib/workflows/compare'
import { bringBackWorkflow, retireWorkflow } from '../actions'

type Props = {
  params: Promise<{ key: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** Once a request: the title and the page ask for the same workflow. */
const load = cache(async (key: string) => {
  const actor = await requireActor(`/workflows/${key}`)
  if (!readsEverything(actor)) return { actor, history: null }
  return { actor, history: await readHistory(db(), sanitiseText(decodeURIComponent(key))) }
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { history } = await load((await params).key)
  return { title: history === null ? 'Workflows' : nameOf(history) }
}

/** One workflow. `?version=` reads one, `?view=file` as its file, `?compare=` beside another. */
export default async function WorkflowPage({ params, searchParams }: Props) {
  const { actor, history } = await load((await params).key)
  if (!readsEverything(actor)) return <NotForRequesters />
  if (history === null) notFound()
  const { version, compare, view } = await searchParams
  const shown = find(history, version ?? String(history.currentVersion))
  if (shown === undefined) notFound()
  const other = compare === undefined ? undefined : find(history, compare)
  if (compare !== undefined && other === undefined) notFound()
  const { key, currentVersion, retiredAt } = history
  const isLead = hasRole(actor, 'lead')
  const href = `/workflows/${key}?version=${shown.version}`
  return (
    <>
      <PageHeader
        title={
          <>
            {shown.definition.name} <span className="text-base font-normal text-faint">version {shown.version}</span>{' '}
            {retiredAt !== null && <Badge tone="struck">Retired</Badge>}
          </>
        }
        hint={<code className="text-sm">{key}</code>}
        actions={
          isLead && (
            <>
              <LinkButton href={`/workflows/import?from=${key}`}>
                <PencilLine aria-hidden />
                Change
              </LinkButton>
              <Retirement
                name={nameOf(history)}
                isRetired={retiredAt !== null}
                open={history.versions.reduce((sum, { jobs }) => sum + jobs.open, 0)}
                retire={retireWorkflow.bind(null, key)}
                bringBack={bringBackWorkflow.bind(null, key)}
              />
            </>
          )
        }
      />
      <div className="pb-4 empty:hidden">
        <AlertStrip workflow={key} initial={await readAlertNews(db(), key)} />
      </div>
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="flex min-w-0 flex-col gap-4">
          {retiredAt !== null && (
            <Callout>
              Retired <Time value={retiredAt.toISOString()} />: no new jobs start with it.
            </Callout>
          )}
          {shown.version !== currentVersion && (
            <Callout>
              This is an earlier version. New jobs run under{' '}
              <Link href={`/workflows/${key}`} className="text-accent-ink underline">
                version {currentVersion}
              </Link>
              .
            </Callout>
          )}
          <Views
            items={[
              { label: 'Read', href, here: other === undefined && view !== 'file' },
              { label: 'As a file', href: `${href}&view=file`, here: other === undefined && view === 'file' },
              ...(other === undefined
                ? []
                : [{ label: `Beside version ${other.version}`, href: `${href}&compare=${other.version}`, here: true }]),
            ]}
          />
          {other !== undefined ? (
            <Beside one={shown} other={other} />
          ) : view === 'file' ? (
            <File workflowKey={key} version={shown.version} />
          ) : (
            <DefinitionView
              definition={shown.definition}
              samples={shown.definition.review.samplePercent ? await sampleFigures(db(), key) : null}
              editHref={isLead && shown.version === currentVersion ? `/workflows/${key}/policy` : null}
            />
          )}
        </div>
        <VersionList
          workflowKey={key}
          current={currentVersion}
          shown={shown.version}
          compared={other?.version ?? null}
          versions={history.versions.map(({ publishedAt, definition: _, id: _id, ...rest }) => ({
            ...rest,
            publishedAt: publishedAt.toISOString(),
          }))}
        />
      </div>
    </>
  )
}

type Version = WorkflowHistory['versions'][number]

function find(history: WorkflowHistory, version: string | string[]): Version | undefined {
  return history.versions.find((candidate) => String(candidate.version) === version)
}

function nameOf(history: WorkflowHistory): string {
  return find(history, String(history.currentVersion))?.definition.name ?? history.key
}

function Views({ items }: { items: { label: string; href: string; here: boolean }[] }) {
  return (
    <nav aria-label="Ways to read it" className="flex gap-4 border-b border-line">
      {items.map(({ label, href, here }) => (
        <Link
          key={label}
          href={href}
          aria-current={here ? 'page' : undefined}
          className={cn(
            '-mb-px flex h-9 items-center border-b-2 px-0.5 font-medium whitespace-nowrap',
            here ? 'border-ink text-ink' : 'border-transparent text-muted hover:text-ink',
          )}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}

/** The earlier of the two is the one before, whichever was opened. */
function Beside({ one, other }: { one: Version; other: Version }) {
  const [before, after] = one.version < other.version ? [one, other] : [other, one]
  const changes = compareDefinitions(before.definition, after.definition)
  return (
    <section aria-labelledby="comparison" className="flex flex-col gap-3">
      <h2 id="comparison" className="text-base font-semibold">
        From version {before.version} to version {after.version}
      </h2>
      {changes.length === 0 ? (
        <p className="text-muted">They say the same.</p>
      ) : (
        <>
          <PolicyComparison
            before={before.definition}
            after={after.definition}
            title="What that means for the policy"
            names={[`Version ${before.version}`, `Version ${after.version}`]}
          />
          <Comparison changes={changes} level={3} />
        </>
      )}
    </section>
  )
}

async function File({ workflowKey, version }: { workflowKey: string; version: number }) {
  const schemaUrl = `${originOf(await headers())}/workflow.schema.json`
  const file = await exportWorkflow(db(), workflowKey, version, schemaUrl)
  if (file === null) notFound()
  return <FileView name={`${file.key}.yaml`} text={file.text} />
}
