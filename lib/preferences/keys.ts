/** What a person may choose for themself: the keys, and what stands under each. Pure. */
import { z } from 'zod'
import { choicesSchema } from '@/lib/notices/choices'

export const preferences = {
  /** How they are told of what. */
  notices: choicesSchema,
  /** Whether single keys do something on the pages: some people's keyboards or speech programs press them by mistake. */
  'single-keys': z.enum(['on', 'off']),
} as const

export type PreferenceKey = keyof typeof preferences
export type Preference<Key extends PreferenceKey> = z.infer<(typeof preferences)[Key]>
