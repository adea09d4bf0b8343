/** What a person chose to be told, and how. Pure. */
import { z } from 'zod'
import type { Role } from '@/lib/lifecycle/table'
import { kinds, mayGet, type NoticeKind, noticeKinds } from './kinds'

export type Choice = { app: boolean; email: boolean }

/** Only what differs from the defaults need be there. Kinds of a newer version are passed over. */
export const choicesSchema = z.partialRecord(
  z.enum(noticeKinds),
  z.object({ app: z.boolean().optional(), email: z.boolean().optional() }),
)
export type Choices = z.infer<typeof choicesSchema>

/** What is stored, as far as it can be read: a value that makes no sense counts as no choice. */
export function readChoices(stored: unknown): Choices {
  if (typeof stored !== 'object' || stored === null) return {}
  const known = Object.entries(stored).filter(([kind]) => (noticeKinds as readonly string[]).includes(kind))
  const parsed = choicesSchema.safeParse(Object.fromEntries(known))
  return parsed.success ? parsed.data : {}
}

/** How somebody with these roles is told of this kind: as they chose, else as is usual for their roles. */
export function choiceOf(kind: NoticeKind, roles: readonly Role[], choices: Choices): Choice {
  const { isAlwaysInApp, app, email } = kinds[kind]
  if (!mayGet(kind, roles)) return { app: false, email: false }
  const usual = (defaults: readonly Role[]) => roles.some((role) => defaults.includes(role))
  return {
    app: isAlwaysInApp || (choices[kind]?.app ?? usual(app)),
    email: choices[kind]?.email ?? usual(email),
  }
}
