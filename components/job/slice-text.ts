/** The first `length` UTF-16 code units of `text`, one fewer where that would tear a character. */
export function sliceText(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}
