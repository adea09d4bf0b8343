/** Where an e-mail goes, as a rule sees it. Pure. */

/**
 * True unless every address in `destination` is at one of `domains`: a part of a domain (mail.example.org) is another
 * one, and where no address can be read, nobody knows that it stays inside. Letter case does not count.
 */
export function isOutside(destination: string, domains: readonly string[]): boolean {
  const inside = new Set(domains.map((domain) => domain.trim().toLowerCase().replace(/^@/, '')))
  const addresses = destination.split(/[,;]/).map((address) => address.trim())
  return !addresses.every((address) => inside.has(domainOf(address)))
}

/** "Dana <dana@example.org>" and "dana@example.org" are at "example.org"; the empty text where none can be read. */
function domainOf(address: string): string {
  const bare = /^[^<>]*<([^<>]+)>$/.exec(address)?.[1] ?? address
  return /^[^\s@<>"]+@([^\s@<>"]+)$/.exec(bare)?.[1]?.toLowerCase() ?? ''
}
