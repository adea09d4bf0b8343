/** HOLDPOINT_SMTP_URL: which server takes our e-mails, and how it knows us. Pure. */

export type SmtpServer = {
  host: string
  port: number
  /** TLS from the first byte on, as smtps:// asks for it. Otherwise STARTTLS, where the server offers it. */
  isSecure: boolean
  login: { user: string; password: string } | null
}

/** Reads smtp:// and smtps:// addresses; null for anything else, also for a path or options, which would have no effect. */
export function parseSmtpUrl(text: string): SmtpServer | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return null
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') return null
  const isSecure = url.protocol === 'smtps:'
  const user = decoded(url.username)
  const password = decoded(url.password)
  if (user === null || password === null) return null
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    // The ports of RFC 8314 for submission.
    port: url.port === '' ? (isSecure ? 465 : 587) : Number(url.port),
    isSecure,
    login: user === '' ? null : { user, password },
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
