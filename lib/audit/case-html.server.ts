/** A case file as one page to read and to print: no script, nothing from elsewhere. The same job and version make the same page. */
import { readableBytes } from '@/lib/deliveries/readable'
import type { Claim } from '@/lib/evidence/types'
import type { JobView } from '@/lib/jobs/view'
import { commandInfo, roundKinds, states } from '@/lib/lifecycle/table'
import type { CaseFile, CaseResult } from './case-file.server'
import { block, facts, fold, hash, head, moment, said, section, TAIL, text } from './case-html-parts'

export type ReadContent = (hash: string) => Promise<Uint8Array | null>

const ERASED = '<p class="muted">Its bytes were erased. The hash shows what they were.</p>'

/** The page, portion by portion: documents and answers may be large, and are read one after another. */
export async function* caseHtml(file: CaseFile, read: ReadContent): AsyncGenerator<string> {
  const { view } = file
  yield head(`Case file, job ${view.number}`)
  yield top(file)
  yield section('asked', 'What was asked', asked(view))
  yield '<section aria-labelledby="documents"><h2 id="documents">Documents</h2>'
  if (view.documents.length === 0) yield '<p class="muted">None came with it.</p>'
  for (const part of documentParts(file)) yield await documentOf(part, read)
  yield '</section>'
  yield '<section aria-labelledby="results"><h2 id="results">What came back</h2>'
  for (const result of file.results.toReversed()) yield resultOf(view, result)
  if (file.results.length === 0) yield '<p class="muted">There is no result.</p>'
  yield '</section>'
  yield section('attempts', 'Attempts', attempts(view))
  yield section('rounds', 'Reviews and decisions', rounds(view))
  yield '<section aria-labelledby="sent"><h2 id="sent">What left</h2>'
  if (view.deliveries.length === 0) yield '<p class="muted">Nothing was let leave.</p>'
  for (const delivery of view.deliveries) yield await deliveryOf(delivery, read)
  yield '</section>'
  yield section('history', 'History', history(view))
  yield section('proof', 'How to check this', proof(file))
  yield TAIL
}

function top({ view }: CaseFile): string {
  const { number, title, workflow, reference, requester, createdAt, settledAt, state, version } = view
  return `<header class="top"><p class="kind">Case file of Holdpoint, job ${number}, as of event ${version}</p><h1>${said(title)}</h1>${facts(
    [
      ['Stands at', `<strong>${text(states[state].label)}</strong>: ${text(states[state].help)}`],
      ['Why it stopped', view.failure === null ? null : text(view.failure.sentence)],
      ['Workflow', `${said(workflow.name)}, version ${workflow.version}`],
      ['Asked by', requester === null ? 'a service' : said(requester.name)],
      ['Reference', reference === null ? null : said(reference)],
      ['Asked', moment(createdAt)],
      ['Settled', settledAt === null ? 'not yet' : moment(settledAt)],
      ['Id', hash(view.id)],
    ],
  )}</header>`
}

function asked({ input, guidance }: JobView): string {
  const fields = Object.entries(input).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? block(value) : block(JSON.stringify(value, null, 2)),
  ])
  const asks = fields.length === 0 ? '<p class="muted">It has no fields.</p>' : facts(fields)
  return guidance === null ? asks : `${asks}<h3>Guidance for the last attempt</h3>${block(guidance)}`
}

type DocumentPart = { document: JobView['documents'][number]; sha256: string | null; textSha256: string | null }

function documentParts({ view, audit }: CaseFile): DocumentPart[] {
  const named = audit.records.find(({ name }) => name === 'asked')?.blobs ?? []
  const count = view.documents.length
  return view.documents.map((document, index) => ({
    document,
    sha256: named[index] ?? null,
    textSha256: named[count + index] ?? null,
  }))
}

async function documentOf({ document, sha256, textSha256 }: DocumentPart, read: ReadContent): Promise<string> {
  const { name, mediaType, size, pages } = document
  const bytes = textSha256 === null ? null : await read(textSha256)
  const stored =
    bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as { pages: { page: number; text: string }[] })
  const content =
    stored === null
      ? ERASED
      : stored.pages
          .map(({ page, text: words }) => `${pages === null ? '' : `<p class="muted">Page ${page}</p>`}${block(words)}`)
          .join('')
  const summary = `${said(name)} <span class="muted">${text(mediaType)}, ${size.toLocaleString('en')} bytes</span>`
  const of = sha256 === null ? '' : `<p class="muted">SHA-256 of the file: ${hash(sha256)}</p>`
  return fold(summary, `${of}${content}`)
}

function resultOf(view: JobView, { attempt, revision, text: words, evidence, checks }: CaseResult): string {
  const current = view.result !== null && view.result.attempt === attempt && view.result.revision === revision
  const name =
    revision === 0 ? `Result of attempt ${attempt}` : `Result of attempt ${attempt}, edited: revision ${revision}`
  const sha256 = current
    ? view.result?.hash
    : view.earlierResults.find((one) => one.attempt === attempt && one.revision === revision)?.hash
  const by = current && view.result?.editedBy ? `<p>Edited by ${said(view.result.editedBy.name)}.</p>` : ''
  const claims = JSON.parse(evidence) as Claim[]
  const listed = JSON.parse(checks) as { label: string; outcome: string; detail: string }[]
  return fold(
    `<strong>${text(name)}</strong>${current ? ' <span class="muted">the current one</span>' : ''}`,
    [
      by,
      sha256 === undefined ? '' : `<p class="muted">SHA-256: ${hash(sha256)}</p>`,
      claims.length === 0 ? '' : `<h3>Claims, and what carries them</h3><ol>${claims.map(claimOf).join('')}</ol>`,
      `<h3>In full</h3>${block(words)}`,
      `<h3>Checks</h3><ul>${listed
        .map(
          ({ label, outcome, detail }) =>
            `<li><span class="${outcome === 'fail' ? 'fail' : ''}">${text(CHECKS[outcome] ?? outcome)}</span>: ${said(label)}. ${said(detail)}</li>`,
        )
        .join('')}</ul>`,
    ].join(''),
    current,
  )
}

const CHECKS: Record<string, string> = { pass: 'Passed', fail: 'Failed', not_applicable: 'Does not apply' }
const SUPPORT: Record<Claim['support'], string> = {
  exact: 'quoted exactly',
  differs: 'quoted, and not to the letter',
  none: 'nothing in the documents carries this',
}

function claimOf({ text: words, citations, support }: Claim): string {
  const quotes = citations.map(
    ({ documentName, page, quote, found }) =>
      `<blockquote>“${said(quote)}”<br>${said(documentName)}${page === null ? '' : `, page ${page}`}${found === 'not_found' ? ', <span class="doubt">not found there</span>' : ''}</blockquote>`,
  )
  return `<li>${said(words)} <span class="${support === 'exact' ? 'muted' : 'doubt'}">(${SUPPORT[support]})</span>${quotes.join('')}</li>`
}

function attempts({ attempts: all }: JobView): string {
  if (all.length === 0) return '<p class="muted">It was never sent.</p>'
  return all
    .toReversed()
    .map(
      (attempt) =>
        `<h3>Attempt ${attempt.number}</h3>${attempt.sentence === null ? '' : `<p>${said(attempt.sentence)}</p>`}${facts(
          [
            ['Sent', moment(attempt.sentAt)],
            ['Model', `${said(attempt.model)} at ${said(attempt.provider)}`],
            ['OpenAI says', text(attempt.providerStatus)],
            ['Finished', attempt.finishedAt === null ? null : moment(attempt.finishedAt)],
            ['Response', attempt.responseId === null ? null : hash(attempt.responseId)],
            ['Tokens', attempt.usage === null ? 'not known' : attempt.usage.totalTokens.toLocaleString('en')],
            [
              'Cost',
              attempt.cost.usd === null
                ? 'not known'
                : `$${attempt.cost.usd.toFixed(4)}${attempt.cost.isRehearsed ? ' (rehearsed, nothing was paid)' : ''}`,
            ],
            ['Request, SHA-256', hash(attempt.requestHash)],
            ['Answer, SHA-256', attempt.payload === null ? null : hash(attempt.payload.sha256)],
          ],
        )}`,
    )
    .join('')
}

function rounds({ reviews }: JobView): string {
  if (reviews.length === 0) return '<p class="muted">It never waited for people.</p>'
  return reviews
    .map((round) => {
      const decisions = round.decisions.map(
        ({ command, by, at, because, note, voidedAt }) =>
          `<li><strong>${said(by.name)}</strong>: ${text(commandInfo(command).label ?? command)}. ${moment(at)}${voidedAt === null ? '' : ' <span class="doubt">taken back</span>'}${because === null ? '' : `<br>Because: ${said(because)}`}${note === null ? '' : `<blockquote>${said(note)}</blockquote>`}</li>`,
      )
      return `<h3>Round ${round.number}: ${text(roundKinds[round.kind])}</h3><p>${said(round.reason)}</p>${facts([
        ['Opened', moment(round.openedAt)],
        ['Closed', round.closedAt === null ? 'still open' : moment(round.closedAt)],
        ['Ended by', round.outcome === null ? null : text(commandInfo(round.outcome).label ?? round.outcome)],
        ['Asks for', `${round.approvalsNeeded} ${round.approvalsNeeded === 1 ? 'person' : 'people'}`],
        ['About', round.resultHash === null ? null : hash(round.resultHash)],
      ])}${decisions.length === 0 ? '<p class="muted">Nobody decided in it.</p>' : `<ul>${decisions.join('')}</ul>`}`
    })
    .join('')
}

async function deliveryOf(delivery: JobView['deliveries'][number], read: ReadContent): Promise<string> {
  const bytes = await read(delivery.bytesHash)
  const readable = bytes === null ? null : readableBytes(delivery.kind, bytes)
  const headers =
    readable?.headers === undefined
      ? ''
      : facts(readable.headers.map(([name, value]): [string, string] => [name, said(value)]))
  return `<h3>Delivery ${delivery.number}</h3><p>${said(delivery.sentence)}</p>${facts([
    ['Where to', said(delivery.destination)],
    ['Let leave', moment(delivery.createdAt)],
    ['Tries', String(delivery.tries)],
    ['Reference', delivery.reference === null ? null : said(delivery.reference)],
    ['Bytes, SHA-256', hash(delivery.bytesHash)],
  ])}${readable === null ? ERASED : fold('What it says', `${headers}${block(readable.text)}`)}`
}

function history({ events }: JobView): string {
  const lines = events.map(
    ({ at, sentence, note, by, hash: chained }) =>
      `<li>${said(sentence)}<br>${moment(at)} <span class="muted">by ${said(by.name)}</span>${note === null ? '' : `<blockquote>${said(note)}</blockquote>`}${chained === null ? '' : `<br>${hash(chained)}`}</li>`,
  )
  return `<p class="muted">Each line carries the hash of all before it.</p><ol>${lines.join('')}</ol>`
}

function proof({ view, audit, anchors, keys }: CaseFile): string {
  const last = audit.leaves.at(-1)
  const anchor = anchors.at(-1)?.anchor
  const standing =
    last === undefined || anchor === undefined
      ? 'No anchor has this job yet: that nothing was left out cannot be proven from outside before it has. One is made every minute.'
      : last.version < view.version
        ? `Anchor ${last.anchor} has it up to event ${last.version}. What follows waits for the next.`
        : `Anchor ${last.anchor} has all ${view.version} events of it, signed.`
  return `<p>${text(standing)}</p>${facts([
    ['Head of the chain', hash(audit.row?.headHash ?? '')],
    ['Anchor', anchor === undefined ? null : hash(anchor.hash)],
    ['Signed with', keys.length === 0 ? null : hash(keys.at(-1)?.id ?? '')],
  ])}<p>A page can be altered by whoever passes it on. The ZIP of this case can be checked on any machine with Holdpoint, without its database: <code>npm run -s holdpoint -- audit verify FILE --key KEY.pem</code>. Have the public key from the people who run the installation.</p>`
}
