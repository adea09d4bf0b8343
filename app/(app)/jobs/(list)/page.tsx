import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { JobsList } from '@/components/jobs/list/jobs-list'
import type { SampleCard } from '@/components/jobs/list/sample-jobs'
import { jobListOptions } from '@/components/jobs/queries'
import { can } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { listJobs } from '@/lib/jobs/list.server'
import { parseJobQuery } from '@/lib/jobs/query'
import { sampleFiles, samples } from '@/lib/samples/samples'
import { db } from '@/lib/store/db.server'
import { workflowNames } from '@/lib/workflows/catalogue.server'
import { startSample } from '../actions'

export const metadata: Metadata = { title: 'Jobs' }

type Search = Promise<Record<string, string | string[] | undefined>>

export default async function JobsPage({ searchParams }: { searchParams: Search }) {
  const search = parametersOf(await searchParams)
  const actor = await requireActor(search.size === 0 ? '/jobs' : `/jobs?${search}`)
  const query = parseJobQuery(search)
  const [list, workflows] = await Promise.all([listJobs(db(), actor, query), workflowNames(db())])
  const client = new QueryClient()
  client.setQueryData(jobListOptions(query).queryKey, list)
  return (
    <HydrationBoundary state={dehydrate(client)}>
      <JobsList
        workflows={workflows}
        samples={sampleCards(new Map(workflows.map(({ key, name }) => [key, name])))}
        startSample={startSample}
        mayCreate={can(actor, 'create', null).allowed}
      />
    </HydrationBoundary>
  )
}

function parametersOf(search: Awaited<Search>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(search).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one])),
  )
}

function sampleCards(workflowNames: ReadonlyMap<string, string>): SampleCard[] {
  return samples.map(({ key, title, blurb, workflow, files }) => ({
    key,
    title,
    blurb,
    workflow: workflowNames.get(workflow) ?? workflow,
    documents: files.map((file) => ({ ...sampleFiles[file], href: `/samples/${file}` })),
  }))
}
