/** The address under which people reach this installation, as its letters name it. Pure. */

export type TypedAddress = { ok: true; url: string } | { ok: false; why: string }

/** Reads what a lead typed: scheme, host and port, and nothing behind them. */
export function parseAddress(typed: string): TypedAddress {
  const text = typed.trim()
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (text === '' || !URL.canParse(whole)) {
    return { ok: false, why: 'This is no address. Type one such as https://holdpoint.example.org.' }
  }
  const url = new URL(whole)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { ok: false, why: 'The address must begin with https:// or http://.' }
  }
  if (url.username !== '' || url.password !== '') {
    return { ok: false, why: 'Leave the name and the password out of the address.' }
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return { ok: false, why: 'Leave out what stands behind the host: links add their own path.' }
  }
  return { ok: true, url: url.origin }
}
