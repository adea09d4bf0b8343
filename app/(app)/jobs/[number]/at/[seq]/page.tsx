import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { MomentPage } from '@/components/job/moment/moment-page'
import { readsEverything } from '@/lib/access/can'
import { requireActor } from '@/lib/access/session.server'
import { readMoment } from '@/lib/history/read-moment.server'
import { seqOf } from '@/lib/history/seq'
import { db } from '@/lib/store/db.server'

type Props = { params: Promise<{ number: string; seq: string }> }

/** Once a request: the title and the page ask for the same moment. */
const load = cache(async (key: string, seq: string) => {
  const actor = await requireActor(`/jobs/${key}/at/${seq}`)
  const wanted = seqOf(seq)
  return wanted === null ? null : readMoment(db(), actor, key, wanted)
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { number, seq } = await params
  const moment = await load(number, seq)
  return { title: moment === null ? 'No such moment' : `#${moment.job.number} after event ${seq}` }
}

/** One job as it stood right after one of its events. Each moment has its own link. */
export default async function Page({ params }: Props) {
  const { number, seq } = await params
  const moment = await load(number, seq)
  if (moment === null) notFound()
  const actor = await requireActor()
  return <MomentPage moment={moment} mayReadWorkflow={readsEverything(actor)} />
}
