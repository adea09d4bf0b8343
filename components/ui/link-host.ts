/**
 * Where a link goes, as the browser will understand it: the host of http and https, the domain of mailto.
 * @returns null where it is none of these: such a link is not offered.
 */
export function hostOf(href: string): string | null {
  if (!URL.canParse(href)) return null
  const url = new URL(href)
  if (url.protocol === 'http:' || url.protocol === 'https:') return url.host
  if (url.protocol === 'mailto:') return url.pathname.split('@')[1] ?? null
  return null
}
