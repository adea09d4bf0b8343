/** A size in bytes for people: "812 bytes", "4.2 KB", "10 MB". 1 KB is 1,000 bytes. */
export function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  if (bytes < 1_000_000) return `${digits(bytes / 1_000)} KB`
  return `${digits(bytes / 1_000_000)} MB`
}

function digits(value: number): string {
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')
}
