/** The address that OpenAI is told to send webhooks to. Pure. */

export const WEBHOOK_PATH = '/api/webhooks/openai'

/** What the way in is asked for: the four endings of a response. */
export const EVENTS_TO_CHOOSE = [
  'response.completed',
  'response.failed',
  'response.incomplete',
  'response.cancelled',
] as const

export type Address =
  | {
      ok: true
      /** The whole address, to paste. */
      url: string
      /** Why OpenAI could not use it as it is; null where nothing speaks against it. */
      doubt: string | null
    }
  | { ok: false; why: string }

/** Reads what a person typed as the public address of this installation. */
export function webhookAddress(typed: string): Address {
  const text = typed.trim()
  if (text === '') return { ok: false, why: 'Type the address under which this installation is reached from outside.' }
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (!URL.canParse(whole))
    return { ok: false, why: 'This is no address. Type one such as https://holdpoint.example.org.' }
  const url = new URL(whole)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { ok: false, why: 'The address must begin with https:// or http://.' }
  }
  if (url.username !== '' || url.password !== '') {
    return { ok: false, why: 'Leave the name and the password out of the address: OpenAI’s signature is what counts.' }
  }
  if (url.pathname !== '/' && url.pathname !== WEBHOOK_PATH) {
    return { ok: false, why: `Leave ${url.pathname} out: the path is always ${WEBHOOK_PATH}.` }
  }
  if (url.search !== '' || url.hash !== '') return { ok: false, why: 'Leave out what stands after the ? or the #.' }
  return { ok: true, url: `${url.origin}${WEBHOOK_PATH}`, doubt: doubtOf(url) }
}

function doubtOf({ protocol, hostname }: URL): string | null {
  if (isInside(hostname)) return 'OpenAI cannot reach it: this address is only known inside your own network.'
  if (protocol === 'http:') return 'OpenAI sends to https addresses only.'
  return null
}

/** Names and addresses that mean something else, or nothing, on the internet. */
function isInside(hostname: string): boolean {
  if (!hostname.includes('.') && !hostname.includes(':')) return true
  return (
    /\.(localhost|local|internal|lan|home|corp|test|invalid)$/.test(hostname) ||
    /^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(hostname) ||
    /^\[(::1?|f[cde][0-9a-f]{2}:.*|::ffff:.*)\]$/.test(hostname)
  )
}
