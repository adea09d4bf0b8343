/** Reads the body and the rehearsal header of a create, as strictly as the API does. Pure. */
import { z } from 'zod'
import { behaviours, type Rehearsal, rehearsedAttempts } from '@/lib/provider/rehearsal'
import type { Refusal } from './plan'
import type { OfferedTool } from './tools'

/** An error in the API's own shape. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly body: { error: { message: string; type: string; param: string | null; code: string | null } }
  readonly headers: Record<string, string>

  constructor(
    readonly status: number,
    message: string,
    more: Partial<Omit<Refusal, 'status' | 'message'>> = {},
  ) {
    super(message)
    const { type = 'invalid_request_error', param = null, code = null, headers = {} } = more
    this.body = { error: { message, type, param, code } }
    this.headers = headers
  }
}

/** Functions and MCP servers are checked as the API does; tools that run at OpenAI are taken as they are. */
const tool = z.looseObject({ type: z.string().min(1) }).check((context) => {
  const { type, name, parameters, server_label, server_url, connector_id } = context.value
  const refuse = (path: string, message: string) => {
    context.issues.push({ code: 'custom', path: [path], message, input: context.value })
  }
  if (type === 'function') {
    if (typeof name !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(name)) refuse('name', 'a function needs a name')
    if (typeof parameters !== 'object') refuse('parameters', 'must be a JSON schema, or null')
  }
  if (type === 'mcp') {
    if (typeof server_label !== 'string') refuse('server_label', 'a server needs a label')
    if (typeof server_url !== 'string' && typeof connector_id !== 'string') refuse('server_url', 'a server needs a URL')
  }
})

const createBody = z.object({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.record(z.string(), z.unknown())).min(1)]),
  instructions: z.string().nullish(),
  background: z.literal(true),
  store: z.literal(true),
  max_output_tokens: z.number().int().positive().nullish(),
  previous_response_id: z.string().nullish(),
  // The API's own limits: 16 pairs, keys to 64 characters, values to 512.
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((pairs) => Object.keys(pairs).length <= 16)
    .nullish(),
  reasoning: z.record(z.string(), z.unknown()).nullish(),
  tools: z.array(tool).max(128).nullish(),
  max_tool_calls: z.number().int().positive().nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  service_tier: z.string().nullish(),
  text: z
    .object({
      format: z
        .discriminatedUnion('type', [
          z.object({ type: z.literal('text') }),
          z.looseObject({
            type: z.literal('json_schema'),
            name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
            schema: z.record(z.string(), z.unknown()),
          }),
        ])
        .optional(),
    })
    .nullish(),
})

export type CreateBody = {
  model: string
  input: string | Record<string, unknown>[]
  instructions: string | null
  metadata: Record<string, string>
  max_output_tokens: number | null
  previous_response_id: string | null
  reasoning: Record<string, unknown> | null
  text: Record<string, unknown> | null
  tools: OfferedTool[]
  max_tool_calls: number | null
  truncation: string | null
  format: { name: string; schema: Record<string, unknown> } | null
}

/** @throws {ApiError} 400, naming the parameter. */
export function readCreate(text: string): CreateBody {
  const parsed = createBody.safeParse(parseJson(text))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const param = issue?.path.join('.') || null
    throw new ApiError(400, `Invalid value for '${param ?? 'body'}': ${issue?.message}.`, {
      ...(param === null ? {} : { param }),
      code: 'invalid_value',
    })
  }
  const { format } = parsed.data.text ?? {}
  return {
    model: parsed.data.model,
    input: parsed.data.input,
    instructions: parsed.data.instructions ?? null,
    metadata: parsed.data.metadata ?? {},
    max_output_tokens: parsed.data.max_output_tokens ?? null,
    previous_response_id: parsed.data.previous_response_id ?? null,
    reasoning: parsed.data.reasoning ?? null,
    text: parsed.data.text ?? null,
    tools: parsed.data.tools ?? [],
    max_tool_calls: parsed.data.max_tool_calls ?? null,
    truncation: parsed.data.truncation ?? null,
    format: format?.type === 'json_schema' ? { name: format.name, schema: format.schema } : null,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError(400, 'We could not parse the JSON body of your request.')
  }
}

const rehearsalShape = z.object({
  behaviour: z.enum(behaviours),
  seconds: z.number().min(0).max(86_400).optional(),
  attempts: z.enum(rehearsedAttempts).optional(),
})

/** Behaves as usual where the header is absent. @throws {ApiError} 400 where it makes no sense. */
export function readRehearsal(header: string | string[] | undefined): Rehearsal {
  if (header === undefined) return { behaviour: 'none' }
  const parsed = typeof header === 'string' ? rehearsalShape.safeParse(parseJson(header)) : null
  if (!parsed?.success) throw new ApiError(400, 'The rehearsal that was asked for is unknown.', { code: 'rehearsal' })
  const { behaviour, seconds, attempts } = parsed.data
  return {
    behaviour,
    ...(seconds === undefined ? {} : { seconds }),
    ...(attempts === undefined ? {} : { attempts }),
  }
}

/** Which attempt of its job a request is: from its metadata. Without a number it is the first. */
export function isFirstAttempt(metadata: Record<string, string>): boolean {
  return (metadata.attempt_number ?? '1') === '1'
}

/**
 * Which attempt of its job a request is, from the header that goes with a rehearsal: "<attempt id> <job id> <number>".
 * For what happens before the body is read.
 */
export function readAttemptHeader(header: string | string[] | undefined): {
  attemptId: string | null
  jobId: string | null
  isFirst: boolean
} {
  const [attemptId = null, jobId = null, number = '1'] = typeof header === 'string' ? header.split(' ') : []
  return { attemptId, jobId, isFirst: number === '1' }
}
