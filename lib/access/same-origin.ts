/** Keeps other sites from acting with a visitor's cookie. */

/** The scheme under which the visitor sees us. Next sets the header from the socket where no proxy has. */
export function isHttps(headers: Headers): boolean {
  return headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https'
}

/** The host under which the visitor sees us, with its port. */
export function hostOf(headers: Headers): string | null {
  return headers.get('x-forwarded-host')?.split(',')[0]?.trim() || headers.get('host')
}

/** Scheme, host and port of the address that the visitor typed. */
export function originOf(headers: Headers): string {
  return `${isHttps(headers) ? 'https' : 'http'}://${hostOf(headers) ?? 'localhost'}`
}

/**
 * False for a request that a page of another site made. A request with neither header does not come from a browser,
 * which always says one of them when it posts, so no visitor's cookie is being borrowed.
 * The rule is that of Go's `http.CrossOriginProtection`: https://pkg.go.dev/net/http#CrossOriginProtection
 */
export function sameOrigin(request: { headers: Headers }): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  const origin = request.headers.get('origin')
  if (origin === null) return true
  return URL.canParse(origin) && new URL(origin).host === hostOf(request.headers)
}

/** `next` where it is a path of this site, else `fallback`: nobody is sent elsewhere after signing in. */
export function localPath(next: string | null | undefined, fallback = '/jobs'): string {
  if (!next?.startsWith('/')) return fallback
  // Browsers read a backslash as a slash and drop tabs and newlines, so '/\evil.example' would leave the site.
  const url = new URL(next, 'http://holdpoint.invalid')
  if (url.origin !== 'http://holdpoint.invalid') return fallback
  return `${url.pathname}${url.search}${url.hash}`
}
