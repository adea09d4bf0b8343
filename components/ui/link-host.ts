/**
 * Where a link goes, as the browser will understand it: the host of http and https, the domain of mailto.
 * @returns null where it is none of these, or a letter to more than one address: such a link is not offered.
 */
export function hostOf(href: string): string | null {
  if (!URL.canParse(href)) return null
  const url = new URL(href)
  if (url.protocol === 'http:' || url.protocol === 'https:') return url.host
  if (url.protocol === 'mailto:') return domainOf(url)
  return null
}

/** One address, and no other that the letter would go to as well. */
function domainOf({ pathname, searchParams }: URL): string | null {
  const others = [...searchParams.keys()].some((name) => /^(to|cc|bcc)$/i.test(name))
  return others ? null : (/^[^@,;%]+@([^@,;%]+)$/.exec(pathname)?.[1] ?? null)
}
