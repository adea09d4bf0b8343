/** The page of the queues over the large store, beside the same at a small one: it reads figures, not jobs. */
import { readOverview } from '@/lib/queues/figures.server'
import { periods } from '@/lib/queues/period'
import { interleaved, type Measured, measureOf } from '../measure'
import { type Bench, openStore } from '../store'

const SMALL = 10_000
const ROUNDS = 30
const TIMES_OF_SMALL = 1.2

export async function queueMeasures({ db, jobs }: Bench): Promise<Measured[]> {
  if (jobs <= SMALL) throw new Error(`it stands beside ${SMALL} jobs: give more --jobs`)
  await using small = await openStore({ jobs: SMALL, waiting: Math.round(SMALL / 8) })
  const measures: Measured[] = []
  for (const period of periods) {
    const times = await interleaved(ROUNDS, {
      large: () => readOverview(db, period),
      small: () => readOverview(small.db, period),
    })
    measures.push(
      measureOf(`/queues over ${period}`, times.large, {
        statistic: 'median',
        theirs: times.small,
        beside: `the same at ${SMALL.toLocaleString('en')} jobs`,
        target: { timesOfIt: TIMES_OF_SMALL },
      }),
    )
  }
  return measures
}
