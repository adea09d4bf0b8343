/** The OpenAPI document, made from the schemas that the routes themselves use. */
import { z } from 'zod'
import { caseViewSchema } from '@/lib/audit/case-view'
import { comparisonSchema } from '@/lib/compare/view'
import { sentBytesSchema } from '@/lib/deliveries/sent-view'
import { momentSchema } from '@/lib/history/moment-view'
import { relatedSchema } from '@/lib/history/related-view'
import { oldCallSchema } from '@/lib/jobs/old-call'
import { jobSorts } from '@/lib/jobs/query'
import {
  createJobSchema,
  documentSchema,
  giveCommandSchema,
  heartbeatsSchema,
  jobListSchema,
  jobSchema,
  problemSchema,
  workflowItemSchema,
} from '@/lib/jobs/view'
import { commandInfo, commandNames, stateNames } from '@/lib/lifecycle/table'
import { markReadSchema, noticeListSchema } from '@/lib/notices/view'
import { queueCommandSchema, queueListSchema, queueWithHistorySchema } from '@/lib/queues/api-view'
import { deskSchema, leavingSchema } from '@/lib/review/desk-view'
import { inboxKinds } from '@/lib/review/inbox-query'
import {
  inboxCountSchema,
  inboxSchema,
  inboxViews,
  presenceAskSchema,
  presenceSchema,
  skipSchema,
  takeNextSchema,
  takenSchema,
} from '@/lib/review/view'
import { searchSorts } from '@/lib/search/query'
import { knownSchema, searchSchema } from '@/lib/search/view'
import { pinnedViewsSchema } from '@/lib/views/view'
import { workflowHistorySchema } from '@/lib/workflows/item'

type Json = Record<string, unknown>

const schemas = {
  Job: jobSchema,
  JobList: jobListSchema,
  CreateJob: createJobSchema,
  GiveCommand: giveCommandSchema,
  CaseFile: caseViewSchema,
  Comparison: comparisonSchema,
  Desk: deskSchema,
  Leaving: leavingSchema,
  Moment: momentSchema,
  Related: relatedSchema,
  OldCall: oldCallSchema,
  SentBytes: sentBytesSchema,
  Document: documentSchema,
  Heartbeats: heartbeatsSchema,
  NoticeList: noticeListSchema,
  MarkRead: markReadSchema,
  Inbox: inboxSchema,
  InboxCount: inboxCountSchema,
  TakeNext: takeNextSchema,
  Taken: takenSchema,
  Skip: skipSchema,
  PresenceAsk: presenceAskSchema,
  Presence: presenceSchema,
  Search: searchSchema,
  SearchValues: knownSchema,
  PinnedViews: pinnedViewsSchema,
  QueueList: queueListSchema,
  Queue: queueWithHistorySchema,
  QueueCommand: queueCommandSchema,
  WorkflowHistory: workflowHistorySchema,
  WorkflowList: z.object({ items: z.array(workflowItemSchema) }),
  Problem: problemSchema,
} as const
type SchemaName = keyof typeof schemas

const ref = (name: SchemaName): Json => ({ $ref: `#/components/schemas/${name}` })
const jsonOf = (name: SchemaName): Json => ({ 'application/json': { schema: ref(name) } })
const ok = (description: string, name: SchemaName): Json => ({ description, content: jsonOf(name) })
const problem = (description: string): Json => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
})
const query = (name: string, description: string, schema: Json): Json => ({ name, in: 'query', description, schema })
const path = (description: string): Json => ({
  name: 'id',
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
})

const errors = {
  401: problem('Nobody is signed in, or the key is not valid.'),
  403: problem('This person or key may not do that.'),
  503: problem('The database is away; whether something was changed is not known.'),
}

const personCommands = commandNames.filter((name) => commandInfo(name).label !== null && name !== 'create')

/** The whole document, OpenAPI 3.1. */
export function openApiDocument(version: string): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdpoint',
      version,
      description:
        'Long-running OpenAI background jobs as tracked jobs: start one, watch it, read it with its evidence, decide.',
    },
    security: [{ key: [] }],
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key, from Settings or `holdpoint keys create`.' },
      },
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [
          name,
          z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
        ]),
      ),
    },
    paths: {
      '/api/v1/workflows': {
        get: {
          operationId: 'listWorkflows',
          summary: 'The workflows that a job can be asked of',
          responses: { 200: ok('The current version of each.', 'WorkflowList'), ...errors },
        },
      },
      '/api/v1/workflows/{key}': {
        get: {
          operationId: 'readWorkflow',
          summary: 'One workflow with all of its versions',
          description: 'For those who may read every job.',
          parameters: [{ ...path('Its key.'), name: 'key' }],
          responses: { 200: ok('The workflow.', 'WorkflowHistory'), 404: problem('No such workflow.'), ...errors },
        },
      },
      '/api/v1/queues': {
        get: {
          operationId: 'listQueues',
          summary: 'How the queue of each workflow is set: whether it sends, takes new jobs, and its limits',
          description: 'For those who may read every job.',
          responses: { 200: ok('The queues, by workflow.', 'QueueList'), ...errors },
        },
      },
      '/api/v1/queues/{workflow}': {
        get: {
          operationId: 'readQueue',
          summary: 'How the queue of one workflow is set, and who changed it and why',
          description: 'For those who may read every job. With the newest 50 lines of its history.',
          parameters: [{ ...path('The key of the workflow.'), name: 'workflow' }],
          responses: { 200: ok('The queue.', 'Queue'), 404: problem('No such workflow.'), ...errors },
        },
      },
      '/api/v1/queues/{workflow}/commands': {
        post: {
          operationId: 'giveQueueCommand',
          summary: 'Pause, resume, drain, open or limit the queue of a workflow',
          description: 'With the key of a person who leads: each change carries a name and a reason.',
          parameters: [{ ...path('The key of the workflow.'), name: 'workflow' }],
          requestBody: { required: true, content: jsonOf('QueueCommand') },
          responses: {
            200: ok('The queue as it is now.', 'Queue'),
            404: problem('No such workflow.'),
            409: problem('It stands like that already.'),
            422: problem('Something is missing; `errors` points at it.'),
            ...errors,
          },
        },
      },
      '/api/v1/documents': {
        post: {
          operationId: 'uploadDocument',
          summary: 'Upload one file as the raw body',
          parameters: [query('name', 'The file’s name.', { type: 'string' })],
          requestBody: { required: true, content: { 'application/octet-stream': {} } },
          responses: {
            201: ok('Stored, with its text.', 'Document'),
            413: problem('Larger than 20 MB.'),
            422: problem('It cannot be read.'),
            ...errors,
          },
        },
      },
      '/api/v1/documents/{id}/text': {
        get: {
          operationId: 'readDocumentText',
          summary: 'The text of a document, by page',
          parameters: [path('The document’s id.')],
          responses: {
            200: { description: '`{ name, pages: [{ page, text }] }`.', content: { 'application/json': {} } },
            404: problem('No such document.'),
            410: problem('It was erased.'),
            ...errors,
          },
        },
      },
      '/api/v1/documents/{id}/file': {
        get: {
          operationId: 'readDocumentFile',
          summary: 'A document as it was uploaded',
          parameters: [path('The document’s id.')],
          responses: {
            200: { description: 'The bytes.' },
            404: problem('No such document.'),
            410: problem('It was erased.'),
            ...errors,
          },
        },
      },
      '/api/v1/jobs': {
        get: {
          operationId: 'listJobs',
          summary: 'A page of jobs',
          parameters: [
            query('state', 'One or more, separated by commas.', { type: 'string', examples: [stateNames.join(',')] }),
            query('workflow', 'Workflow keys, separated by commas.', { type: 'string' }),
            query('version', 'Only jobs that ran under this version of their workflow.', {
              type: 'integer',
              minimum: 1,
            }),
            query('mine', 'Only jobs that you asked for.', { type: 'boolean' }),
            query(
              'q',
              'A search, as for `/api/v1/search`. With one the order is `newest` or `oldest`, and a page may end before it is full.',
              { type: 'string' },
            ),
            query('sort', 'The order.', { enum: jobSorts }),
            query('after', 'The cursor of the page before.', { type: 'string' }),
            query('limit', 'Rows a page.', { type: 'integer', minimum: 1, maximum: 200 }),
          ],
          responses: {
            200: ok('The page. Send its ETag as If-None-Match.', 'JobList'),
            304: { description: 'Nothing changed.' },
            ...errors,
          },
        },
        post: {
          operationId: 'createJob',
          summary: 'Start a job',
          parameters: [
            {
              name: 'Idempotency-Key',
              in: 'header',
              description: 'The same key and body make one job.',
              schema: { type: 'string', maxLength: 255 },
            },
          ],
          requestBody: { required: true, content: jsonOf('CreateJob') },
          responses: {
            201: ok('The job.', 'Job'),
            409: problem('Its workflow takes no new jobs until a lead opens its queue. Nothing was made.'),
            413: problem('Larger than 8 MiB.'),
            422: problem('It cannot be started like this; `errors` points at each part.'),
            ...errors,
          },
        },
      },
      '/api/v1/search': {
        get: {
          operationId: 'searchJobs',
          summary: 'Find jobs by what names them, by their words, and by filters; with where they matched',
          description:
            'What has exactly this number, id, response id or reference is in `exact`. It answers within about half a second: where words are too common for that, `reached` says how far it came, and `nextCursor` goes on from there. `problems` says what in `q` cannot be used.',
          parameters: [
            query('q', 'Words, "words in a row", and filters such as `state:failed -workflow:report cost:>2`.', {
              type: 'string',
            }),
            query('sort', 'The order.', { enum: searchSorts }),
            query('after', 'The cursor of the page before.', { type: 'string' }),
            query('limit', 'Jobs a page.', { type: 'integer', minimum: 1, maximum: 100 }),
          ],
          responses: {
            200: ok('The page. Send its ETag as If-None-Match.', 'Search'),
            304: { description: 'Nothing changed.' },
            ...errors,
          },
        },
      },
      '/api/v1/search/known': {
        get: {
          operationId: 'readSearchValues',
          summary: 'The workflows, people, models and codes that a search can be narrowed by',
          responses: { 200: ok('The values.', 'SearchValues'), ...errors },
        },
      },
      '/api/v1/views/pinned': {
        get: {
          operationId: 'listPinnedViews',
          summary: 'The saved views in your side bar, with how many jobs each has',
          responses: {
            200: ok('The views. Send its ETag as If-None-Match.', 'PinnedViews'),
            304: { description: 'Nothing changed.' },
            ...errors,
          },
        },
      },
      '/api/v1/jobs/{id}': {
        get: {
          operationId: 'readJob',
          summary: 'One job, whole',
          parameters: [path('Its id or its number.')],
          responses: {
            200: ok('The job.', 'Job'),
            304: { description: 'Nothing changed.' },
            404: problem('No such job.'),
            ...errors,
          },
        },
      },
      '/api/v1/jobs/{id}/commands': {
        post: {
          operationId: 'giveCommand',
          summary: 'Give a command to a job',
          description: `Commands: ${personCommands.join(', ')}. Only those in the job’s \`allowedCommands\` are taken.`,
          parameters: [path('Its id or its number.')],
          requestBody: { required: true, content: jsonOf('GiveCommand') },
          responses: {
            200: ok('The job as it is now.', 'Job'),
            404: problem('No such job.'),
            409: problem('Somebody was faster, or what was decided on is not current: who, what and when.'),
            422: problem('Something is missing; `errors` points at it.'),
            ...errors,
          },
        },
      },
      '/api/v1/jobs/{id}/compare': {
        get: {
          operationId: 'compareSides',
          summary: 'Two attempts, results or revisions of a job, for comparing',
          description:
            'Without a name, the newest and the one before it. A side that is not there is null; `choices` names all that are.',
          parameters: [
            path('The id or the number of the job.'),
            query('left', 'The side before: a2 is attempt 2, a2r1 the first revision of what it gave.', {
              type: 'string',
            }),
            query('right', 'The side after, named like `left`.', { type: 'string' }),
          ],
          responses: { 200: ok('Both sides.', 'Comparison'), ...errors, 404: problem('No such job.') },
        },
      },
      '/api/v1/jobs/{id}/at/{seq}': {
        get: {
          operationId: 'readMoment',
          summary: 'A job as it stood right after one of its events',
          description:
            'Folded from its history: what was known, decided and sent by then. `allowedCommands` is empty: nothing is decided in the past.',
          parameters: [
            path('The id or the number of the job.'),
            {
              name: 'seq',
              in: 'path',
              required: true,
              description: 'The number of the event.',
              schema: { type: 'integer', minimum: 1 },
            },
          ],
          responses: { 200: ok('The job as it stood.', 'Moment'), ...errors, 404: problem('No such job, or event.') },
        },
      },
      '/api/v1/jobs/{id}/related': {
        get: {
          operationId: 'readRelated',
          summary: 'Jobs under the same reference, and those that the same person asked for around that time',
          parameters: [path('The id or the number of the job.')],
          responses: { 200: ok('The related jobs.', 'Related'), ...errors, 404: problem('No such job.') },
        },
      },
      '/api/v1/jobs/{id}/desk': {
        get: {
          operationId: 'readDesk',
          summary: 'What a job can be decided with: reasons, people to tell, the schema of its result',
          parameters: [path('The id or the number of the job.')],
          responses: { 200: ok('What the desk offers.', 'Desk'), ...errors, 404: problem('No such job.') },
        },
      },
      '/api/v1/jobs/{id}/leaving': {
        get: {
          operationId: 'readLeaving',
          summary: 'The exact bytes that an approval lets leave, and where to',
          parameters: [
            path('The id or the number of the job.'),
            query('hash', 'The hash of what the open round would let leave, or of a delivery of the job.', {
              type: 'string',
            }),
          ],
          responses: {
            200: ok('The bytes, decoded for reading.', 'Leaving'),
            ...errors,
            404: problem('Nothing of this job leaves under that hash.'),
          },
        },
      },
      '/api/v1/jobs/{id}/old-call': {
        get: {
          operationId: 'readOldCall',
          summary: 'What became of a call whose end nobody saw, asked of its provider now',
          description:
            'For whoever is about to pay again: look here before a retry. `call` is null where every earlier call has ended.',
          parameters: [path('The id or the number of the job.')],
          responses: {
            200: ok('What the provider says of the older call, and its cost so far.', 'OldCall'),
            ...errors,
            404: problem('No such job.'),
          },
        },
      },
      '/api/v1/jobs/{id}/payload': {
        get: {
          operationId: 'readPayload',
          summary: 'The final payload of an attempt, byte for byte as received',
          parameters: [
            path('The job’s id or number.'),
            query('attempt', 'The attempt’s number; else the newest.', { type: 'integer' }),
          ],
          responses: {
            200: { description: 'The bytes.', content: { 'application/json': {} } },
            404: problem('No such payload.'),
            ...errors,
          },
        },
      },
      '/api/v1/jobs/{id}/case-file': {
        get: {
          operationId: 'readCaseFile',
          summary: 'Everything of a job, to read or to be checked elsewhere; that it was taken out is noted',
          parameters: [
            path('The job’s id or number.'),
            query('format', 'A page, or a ZIP that holdpoint audit verify checks; without it: what it would have.', {
              type: 'string',
              enum: ['html', 'zip'],
            }),
          ],
          responses: {
            200: {
              description: 'The file; without a format, what it would have.',
              content: {
                'application/json': { schema: ref('CaseFile') },
                'text/html': {},
                'application/zip': {},
              },
            },
            ...errors,
            403: problem('A blind round is open: its events would tell how others decide.'),
            404: problem('No such job.'),
            422: problem('There is no such format.'),
          },
        },
      },
      '/api/v1/jobs/{id}/deliveries/{delivery}/bytes': {
        get: {
          operationId: 'readSentBytes',
          summary: 'The exact bytes of a delivery',
          parameters: [
            path('The job’s id or number.'),
            { ...path('The delivery’s id.'), name: 'delivery' },
            query('readable', '1: decoded for people, as JSON.', { type: 'string', enum: ['1'] }),
          ],
          responses: {
            200: {
              description: 'The bytes as a file; with `readable=1` decoded.',
              content: { 'application/octet-stream': {}, ...jsonOf('SentBytes') },
            },
            404: problem('No such delivery.'),
            ...errors,
          },
        },
      },
      '/api/v1/jobs/{id}/presence': {
        post: {
          operationId: 'sayPresence',
          summary: 'Say that you have a job open, and hear who else has',
          description:
            'A page says it every ten seconds while it is in sight, and is believed for thirty. Time in use lengthens your claim.',
          parameters: [path('The id or the number of the job.')],
          requestBody: { required: true, content: jsonOf('PresenceAsk') },
          responses: {
            200: ok('Who else has it open, and until when you hold it.', 'Presence'),
            422: problem('It cannot be read.'),
            ...errors,
            404: problem('No such job.'),
          },
        },
      },
      '/api/v1/review': {
        get: {
          operationId: 'readInbox',
          summary: 'A page of your inbox: what waits for a person, what asks first first',
          description:
            'For those who review and for support. What is overdue comes first, then what is due within 4 hours, within a day, and the rest; within these by risk, then by age.',
          parameters: [
            query('view', 'Whose it is to do.', { enum: inboxViews }),
            query('workflow', 'Only of this workflow.', { type: 'string' }),
            query('kind', 'Only rounds of this kind, or deliveries.', { enum: inboxKinds }),
            query('risk', '0 normal, 1 raised, 2 high.', { type: 'integer', minimum: 0, maximum: 2 }),
            query('q', 'A number, or words of the title.', { type: 'string' }),
            query('after', 'The cursor of the page before.', { type: 'string' }),
            query('limit', 'Rows a page.', { type: 'integer', minimum: 1, maximum: 200 }),
          ],
          responses: {
            200: ok('The page. Send its ETag as If-None-Match.', 'Inbox'),
            304: { description: 'Nothing changed.' },
            ...errors,
          },
        },
      },
      '/api/v1/review/count': {
        get: {
          operationId: 'countInbox',
          summary: 'How much waits, by view',
          responses: {
            200: ok('The counts. Send its ETag as If-None-Match.', 'InboxCount'),
            304: { description: 'Nothing changed.' },
            ...errors,
          },
        },
      },
      '/api/v1/review/next': {
        post: {
          operationId: 'takeNext',
          summary: 'Claim the next item that nobody holds or looks at',
          description:
            'Of many people who ask at once each is given a different one. Both are null while there is none.',
          requestBody: { required: true, content: jsonOf('TakeNext') },
          responses: { 200: ok('What you hold now.', 'Taken'), 422: problem('It cannot be read.'), ...errors },
        },
      },
      '/api/v1/review/skip': {
        post: {
          operationId: 'skipItem',
          summary: 'Leave an item to others: you are offered it again only after all else',
          requestBody: { required: true, content: jsonOf('Skip') },
          responses: {
            204: { description: 'Skipped; a claim of yours has ended.' },
            404: problem('No such job, or nothing of it waits.'),
            422: problem('It names no job.'),
            ...errors,
          },
        },
      },
      '/api/v1/notices': {
        get: {
          operationId: 'listNotices',
          summary: 'What you were told: jobs that need somebody, and queues that stand still',
          description: 'The newest 50. Keys of services have none.',
          responses: {
            200: ok('Yours. Send its ETag as If-None-Match.', 'NoticeList'),
            304: { description: 'Nothing changed.' },
            ...errors,
          },
        },
      },
      '/api/v1/notices/read': {
        post: {
          operationId: 'markNoticesRead',
          summary: 'Mark your notices as read: those named, or all until a moment',
          requestBody: { required: true, content: jsonOf('MarkRead') },
          responses: { 204: { description: 'Marked.' }, 422: problem('It names none.'), ...errors },
        },
      },
      '/api/v1/heartbeats': {
        get: {
          operationId: 'readHeartbeats',
          summary: 'How the watch over running jobs goes',
          parameters: [query('jobs', 'Job ids, separated by commas.', { type: 'string' })],
          responses: { 200: ok('One for each that runs.', 'Heartbeats'), ...errors },
        },
      },
    },
  }
}
