/** What the inbox is asked for: the same parameters in the page's address and in the API. Pure. */
import { type RoundKind, roundKindNames } from '@/lib/lifecycle/table'
import { sanitiseText } from '@/lib/store/sanitise'
import { type InboxViewName, inboxViews } from './inbox-views'

/** What asks for a person: a round of one of the kinds, or a delivery. */
export const inboxKinds = [...roundKindNames, 'delivery'] as const
export type InboxKind = RoundKind | 'delivery'

export type InboxFilter = {
  /** A workflow's key; null: all of them. */
  workflow: string | null
  kind: InboxKind | null
  /** 0 normal, 1 raised, 2 high; null: any. */
  risk: number | null
  /** Words of the title, or a number. Empty: no search. */
  q: string
}

export type InboxQuery = InboxFilter & {
  view: InboxViewName
  /** A cursor as it came in `nextCursor`; null: the first page. */
  after: string | null
  /** Rows a page, 1 to 200. */
  limit: number
}

export const INBOX_LIMIT = 50
export const EVERYTHING: InboxFilter = { workflow: null, kind: null, risk: null, q: '' }

/** Reads URL parameters. What makes no sense is left out rather than refused: an old link still opens an inbox. */
export function parseInboxQuery(params: URLSearchParams): InboxQuery {
  const view = params.get('view') as InboxViewName | null
  const kind = params.get('kind') as InboxKind | null
  const risk = params.get('risk')
  const limit = Number.parseInt(params.get('limit') ?? '', 10)
  return {
    view: view !== null && inboxViews.includes(view) ? view : 'anyone',
    workflow: sanitiseText((params.get('workflow') ?? '').trim().slice(0, 200)) || null,
    kind: kind !== null && inboxKinds.includes(kind) ? kind : null,
    risk: risk !== null && ['0', '1', '2'].includes(risk) ? Number(risk) : null,
    q: sanitiseText((params.get('q') ?? '').trim().slice(0, 200)),
    after: params.get('after') || null,
    limit: Number.isInteger(limit) && limit >= 1 && limit <= 200 ? limit : INBOX_LIMIT,
  }
}

/** The parameters of `query`, without those that have their default. */
export function inboxQueryParams(query: InboxQuery): URLSearchParams {
  const params = new URLSearchParams()
  if (query.view !== 'anyone') params.set('view', query.view)
  if (query.workflow !== null) params.set('workflow', query.workflow)
  if (query.kind !== null) params.set('kind', query.kind)
  if (query.risk !== null) params.set('risk', String(query.risk))
  if (query.q !== '') params.set('q', query.q)
  if (query.after !== null) params.set('after', query.after)
  if (query.limit !== INBOX_LIMIT) params.set('limit', String(query.limit))
  return params
}

/** Whether the inbox shows less than everything of a view: then an empty one means something else. */
export function isInboxFiltered({ workflow, kind, risk, q }: InboxFilter): boolean {
  return workflow !== null || kind !== null || risk !== null || q !== ''
}
