/** Notices as a letter: plain text, one link, and how to get fewer of them. Pure. */
import { oneLine } from '@/lib/mail/message'
import type { NoticeView } from './view'

type Item = Pick<NoticeView, 'kind' | 'heading' | 'sentence' | 'job' | 'workflow' | 'href'>

/** @param address of the installation, without a slash at its end; null: not known, so the letter says where to look. */
export function letterOf(items: readonly Item[], address: string | null): { subject: string; text: string } {
  const [first] = items
  if (first === undefined) throw new Error('a letter without a notice')
  const subject = items.length === 1 ? first.heading : `${items.length} notices from Holdpoint`
  const text = [
    ...items.flatMap((item) => [...itemLines(item), '']),
    whereTo(items, address),
    '',
    'You choose what you are told by e-mail in Holdpoint, under Settings, Notices.',
  ].join('\n')
  return { subject, text: `${text}\n` }
}

function itemLines({ kind, heading, sentence, job, workflow }: Item): string[] {
  const isOfOne = kind !== 'queue_stopped' && kind !== 'review_waits'
  const about =
    job !== null && isOfOne ? [`${oneLine(job.title)}${workflow === null ? '' : ` (${workflow.name})`}`] : []
  return [heading, ...about, sentence]
}

function whereTo(items: readonly Item[], address: string | null): string {
  const [first] = items
  if (address === null) {
    const numbers = items.flatMap(({ job, kind }) => (job === null || kind === 'review_waits' ? [] : [job.number]))
    const jobs = [...new Set(numbers)]
    if (jobs.length === 0) return 'Open Holdpoint to see it.'
    return `Open Holdpoint and look for ${jobs.length === 1 ? 'job' : 'jobs'} ${new Intl.ListFormat('en').format(jobs.map(String))}.`
  }
  const places = new Set(items.map(({ href }) => href))
  return `Open: ${address}${(places.size === 1 ? first?.href : null) ?? '/jobs'}`
}
