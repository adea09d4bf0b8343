/** Reads the body and the rehearsal header of a create, as strictly as the API does. Pure. */
import { z } from 'zod'
import { behaviours, type Rehearsal } from '@/lib/provider/types'

/** An error in the API's own shape. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly body: { error: { message: string; type: string; param: string | null; code: string | null } }
  readonly headers: Record<string, string>

  /** @param more.retryAfter in seconds. */
  constructor(
    readonly status: number,
    message: string,
    more: { type?: string; param?: string | null; code?: string; retryAfter?: number } = {},
  ) {
    super(message)
    const { type = 'invalid_request_error', param = null, code = null, retryAfter } = more
    this.body = { error: { message, type, param, code } }
    this.headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
  }
}

const createBody = z.object({
  model: z.string().min(1),
  input: z.string().min(1),
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
  input: string
  instructions: string | null
  metadata: Record<string, string>
  max_output_tokens: number | null
  previous_response_id: string | null
  reasoning: Record<string, unknown> | null
  text: Record<string, unknown> | null
  format: { name: string; schema: Record<string, unknown> } | null
}

/** @throws {ApiError} 400, naming the parameter. */
export function readCreate(text: string): CreateBody {
  const parsed = createBody.safeParse(parseJson(text))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const param = issue?.path.join('.') || null
    throw new ApiError(400, `Invalid value for '${param ?? 'body'}': ${issue?.message}.`, {
      param,
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

const rehearsalShape = z.object({ behaviour: z.enum(behaviours), seconds: z.number().min(0).max(86_400).optional() })

/** Behaves as usual where the header is absent. @throws {ApiError} 400 where it makes no sense. */
export function readRehearsal(header: string | string[] | undefined): Rehearsal {
  if (header === undefined) return { behaviour: 'none' }
  const parsed = typeof header === 'string' ? rehearsalShape.safeParse(parseJson(header)) : null
  if (!parsed?.success) throw new ApiError(400, 'The rehearsal that was asked for is unknown.', { code: 'rehearsal' })
  const { behaviour, seconds } = parsed.data
  return seconds === undefined ? { behaviour } : { behaviour, seconds }
}

/** Whether this is the job's first attempt. Without a number it is. */
export function isFirstAttempt(metadata: Record<string, string>): boolean {
  return (metadata.attempt_number ?? '1') === '1'
}
