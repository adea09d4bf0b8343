/** What a call is called, in words for the person who is asked. Pure. */
import { hostOf } from '@/components/ui/link-host'
import type { ToolCallView } from '@/lib/jobs/view'

/** Where a call stands, as a word. */
export const STATE_WORDS: Record<ToolCallView['state'], string> = {
  waiting: 'Waits for an answer',
  permitted: 'Allowed',
  denied: 'Denied',
  refused: 'Refused by a rule',
  sending: 'Being made',
  answered: 'Made',
  failed: 'No answer came',
}

/** Where a call goes: the host and the path there, or null where that is not known. */
export function destination({ url }: Pick<ToolCallView, 'url'>): { host: string; path: string } | null {
  const host = url === null ? null : hostOf(url)
  return host === null || url === null ? null : { host, path: new URL(url).pathname }
}

/** "register", or "lookup at the server “crm”". */
export function toolWords({ name, serverLabel }: Pick<ToolCallView, 'name' | 'serverLabel'>): string {
  const tool = name === '' ? 'a tool without a name' : name
  return serverLabel === null ? tool : `${tool} at ${serverLabel}`
}
