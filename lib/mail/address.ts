/** E-mail addresses, as far as we send to them. Pure. */

/** Somebody that a letter is from: `name` is null where there is only an address. */
export type Sender = { name: string | null; address: string }

/** RFC 5321, 4.5.3.1: what a server must take, in bytes. */
const LONGEST_LOCAL_PART = 64
const LONGEST_ADDRESS = 254

/** A dot-atom of RFC 5322, in ASCII: nothing that one program could read as another address than the next one does. */
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const HOST =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/

/** Whether `text` is one plain address and nothing else: no name, no list, no quotes, no comments. */
export function isPlainAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  if (at < 1 || text.length > LONGEST_ADDRESS || at > LONGEST_LOCAL_PART) return false
  return LOCAL_PART.test(text.slice(0, at)) && HOST.test(text.slice(at + 1))
}

/** Reads `Holdpoint <holdpoint@example.com>` or an address alone; null for anything else. */
export function parseSender(text: string): Sender | null {
  const trimmed = text.trim()
  if (isPlainAddress(trimmed)) return { name: null, address: trimmed }
  const [, name = '', address = ''] = /^"?([^"<>\p{Cc}]{1,100}?)"?\s*<([^<>]+)>$/u.exec(trimmed) ?? []
  return isPlainAddress(address) ? { name: name.trim() || null, address } : null
}

/** What stands after the @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}
