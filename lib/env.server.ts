/** The environment, read and checked once. A value that makes no sense stops the process with one clear sentence. */
import path from 'node:path'
import { z } from 'zod'
import { parseSender } from '@/lib/mail/address'
import { parseSmtpUrl } from '@/lib/mail/smtp-url'
import { parseAllowList } from '@/lib/tools/addresses'

const milliseconds = (fallback: number) =>
  z.coerce
    .number({ error: 'must be a whole number of milliseconds' })
    .int('must be a whole number of milliseconds')
    .min(1, 'must be at least 1')
    .max(86_400_000, 'must be at most 86400000')
    .default(fallback)

const schema = z.object({
  PORT: z.coerce
    .number({ error: 'must be a port number' })
    .int('must be a port number')
    .min(1, 'must be between 1 and 65535')
    .max(65_535, 'must be between 1 and 65535')
    .default(3000),
  /** Where the web server listens. This machine alone, unless told otherwise. */
  HOLDPOINT_HOST: z
    .string()
    .regex(/^[0-9A-Za-z.:-]+$/, 'must be an address such as 0.0.0.0')
    .default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .refine(
      (url) => URL.canParse(url),
      'must be an address such as postgresql://user:password@host:5432/name, with special characters of the password percent-encoded',
    )
    .optional(),
  HOLDPOINT_DATA_DIR: z.string().default('.holdpoint'),
  HOLDPOINT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  OPENAI_WEBHOOK_SECRET: z.string().optional(),
  /** Whether the sandbox provider sends webhooks to this installation. */
  HOLDPOINT_SANDBOX_WEBHOOKS: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
  /** Hosts, addresses and networks that calls of tools may reach though they are private. */
  HOLDPOINT_ALLOW_PRIVATE: z
    .string()
    .refine(isAllowList, 'must list hosts, addresses and networks, such as "refunds.internal, 10.1.0.0/16"')
    .default(''),
  /** The server that takes our e-mails. Absent: they are kept in a folder, and nothing leaves. */
  HOLDPOINT_SMTP_URL: z
    .string()
    .refine(
      (text) => parseSmtpUrl(text) !== null,
      'must be an address such as smtp://user:password@mail.example.com:587, with special characters of the password percent-encoded',
    )
    .optional(),
  /** Whom our e-mails are from. */
  HOLDPOINT_MAIL_FROM: z
    .string()
    .refine(
      (text) => parseSender(text) !== null,
      'must be an e-mail address, or a name and one: Holdpoint <desk@example.com>',
    )
    .default('holdpoint@localhost'),
  /** The folder below which deliveries of kind file are written. Absent: `deliveries` in the data folder. */
  HOLDPOINT_DELIVERY_DIR: z.string().optional(),
  /** The folder in which workers write anchors down as well. Absent: they stand in the database alone. */
  HOLDPOINT_ANCHOR_DIR: z.string().optional(),
  /** Opens the metrics, and nothing else. */
  HOLDPOINT_METRICS_TOKEN: z
    .string()
    .regex(/^\S+$/, 'must have no space in it')
    .min(16, 'must have at least 16 characters')
    .optional(),
  /** Shortest gap between two looks at one response. */
  HOLDPOINT_POLL_MS: milliseconds(2_000),
  /** First backoff of an automatic retry. */
  HOLDPOINT_RETRY_MS: milliseconds(2_000),
})

function isAllowList(text: string): boolean {
  try {
    parseAllowList(text)
    return true
  } catch {
    return false
  }
}

export type Env = z.infer<typeof schema>

/** The environment names a value that cannot be used. The message is one sentence a value. */
export class EnvError extends Error {
  override name = 'EnvError'
}

/**
 * Reads `source` (empty strings count as absent).
 * @throws {EnvError} naming each value that cannot be used, and why. Values are not printed: some are secrets.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return { ...parsed.data, HOLDPOINT_DATA_DIR: path.resolve(parsed.data.HOLDPOINT_DATA_DIR) }
  const sentences = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`)
  throw new EnvError(sentences.join(' '))
}

let cached: Env | undefined

/** The environment of this process. */
export function env(): Env {
  cached ??= parseEnv(process.env)
  return cached
}
