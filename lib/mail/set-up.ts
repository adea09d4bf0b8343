/** Where e-mails go. Pure. */
import path from 'node:path'
import type { Env } from '@/lib/env.server'

export type MailEnvironment = Pick<Env, 'HOLDPOINT_SMTP_URL' | 'HOLDPOINT_MAIL_FROM' | 'HOLDPOINT_DATA_DIR'>

/**
 * `smtp`: whether e-mails leave at all. Where no mail server is set up they are kept in `folder`, one file each.
 * `from` is as HOLDPOINT_MAIL_FROM has it.
 */
export function mailSetUp(environment: MailEnvironment): { smtp: boolean; from: string; folder: string } {
  return {
    smtp: environment.HOLDPOINT_SMTP_URL !== undefined,
    from: environment.HOLDPOINT_MAIL_FROM,
    folder: path.join(environment.HOLDPOINT_DATA_DIR, 'mail'),
  }
}
