import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { ComparePage } from '@/components/compare/compare-page'
import { JobTitle } from '@/components/jobs/job-title'
import { PageHeader } from '@/components/ui/page-header'
import { requireActor } from '@/lib/access/session.server'
import { readSides } from '@/lib/compare/sides.server'
import type { SideView } from '@/lib/compare/view'
import { db } from '@/lib/store/db.server'

type Props = {
  params: Promise<{ number: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

/** More than this in the page's own HTML delays the first drawing; the browser reads it instead. In characters. */
const MOST_AT_FIRST = 300_000

/** Once a request: the title and the page ask for the same two. */
const load = cache(async (number: string, left: string | null, right: string | null) => {
  const actor = await requireActor(`/jobs/${number}/compare`)
  return readSides(db(), actor, number, { left, right })
})

const one = (value: string | string[] | undefined) => (typeof value === 'string' && value !== '' ? value : null)

async function comparisonOf({ params, searchParams }: Props) {
  const { left, right } = await searchParams
  return load((await params).number, one(left), one(right))
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const comparison = await comparisonOf(props)
  return { title: comparison === null ? 'No such job' : `Compare #${comparison.job.number} ${comparison.job.title}` }
}

/** Two attempts, results or revisions of one job: `?left=a1&right=a2r1`; without names, the newest and the one before. */
export default async function Page(props: Props) {
  const comparison = await comparisonOf(props)
  if (comparison === null) notFound()
  const { job, choices, left, right } = comparison
  const { number } = await props.params
  if (number !== String(job.number)) redirect(`/jobs/${job.number}/compare`)
  const asked = await props.searchParams
  return (
    <>
      <PageHeader
        title="Compare"
        hint={
          <>
            What sets two attempts, results or revisions apart, of{' '}
            <Link href={`/jobs/${job.number}`} className="link">
              #{job.number}{' '}
              <bdi>
                <JobTitle title={job.title} />
              </bdi>
            </Link>
          </>
        }
      />
      <ComparePage
        jobId={job.id}
        choices={choices}
        left={one(asked.left) ?? left?.id ?? ''}
        right={one(asked.right) ?? right?.id ?? ''}
        initial={sizeOf(left) + sizeOf(right) <= MOST_AT_FIRST ? comparison : null}
      />
    </>
  )
}

const sizeOf = (side: SideView | null) => (side === null ? 0 : JSON.stringify(side).length)
