/** A name under .invalid can never be mailed to (RFC 2606). The first owner chooses their own e-mail on the first page. */
const DOMAIN = '@holdpoint.invalid'

/** An e-mail that stands in until somebody has chosen theirs. */
export function placeholderEmail(userId: string): string {
  return `owner-${userId}${DOMAIN}`
}

/** True for an e-mail that only stands in: it is shown to nobody. */
export function isPlaceholderEmail(email: string): boolean {
  return email.endsWith(DOMAIN)
}
