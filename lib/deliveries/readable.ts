/** The bytes of a delivery as people read them. Pure, and for the browser too. */

export type ReadableBytes = { headers?: [name: string, value: string][]; text: string; isJson: boolean }

/** Decodes the exact bytes that leave: an e-mail's headers and text, JSON with its indentation, or the text that it is. */
export function readableBytes(kind: string, bytes: Uint8Array): ReadableBytes {
  const text = new TextDecoder().decode(bytes)
  if (kind === 'email') return readableMail(text)
  const value = parsed(text)
  return value === undefined ? { text, isJson: false } : { text: JSON.stringify(value, null, 2), isJson: true }
}

function parsed(text: string): unknown {
  // Only what is written as an object or a list: the text "12" of a file is a text.
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readableMail(message: string): ReadableBytes {
  const end = message.indexOf('\r\n\r\n')
  const head = end < 0 ? message : message.slice(0, end)
  const body = end < 0 ? '' : message.slice(end + 4)
  const headers = head
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .map((line): [string, string] => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), decodedWords(line.slice(colon + 1).trim())]
    })
  const encoding = headers.find(([name]) => name.toLowerCase() === 'content-transfer-encoding')?.[1]
  const text = decodedBody(body.replace(/\r\n$/, ''), encoding?.toLowerCase() ?? '')
  return { headers, text: text.replaceAll('\r\n', '\n'), isJson: false }
}

function decodedBody(body: string, encoding: string): string {
  if (encoding === 'base64') return utf8(fromBase64(body))
  return encoding === 'quoted-printable' ? utf8(fromQuoted(body.replace(/=[ \t]*\r\n/g, ''))) : body
}

/** RFC 2047; only UTF-8, which is all that we write. The space between two encoded words is none. */
function decodedWords(value: string): string {
  return value.replace(/=\?utf-8\?[bq]\?[^?\s]*\?=(?:\s+=\?utf-8\?[bq]\?[^?\s]*\?=)*/gi, (run) => {
    const words = [...run.matchAll(/=\?utf-8\?([bq])\?([^?\s]*)\?=/gi)]
    return utf8(
      words
        .map(([, how = '', word = '']) =>
          how.toLowerCase() === 'b' ? fromBase64(word) : fromQuoted(word.replaceAll('_', '=20')),
        )
        .join(''),
    )
  })
}

// Bytes are carried as characters of the same number, as atob gives them.
function utf8(characters: string): string {
  const bytes = new Uint8Array(characters.length)
  for (let index = 0; index < bytes.length; index++) bytes[index] = characters.charCodeAt(index)
  return new TextDecoder().decode(bytes)
}
const fromBase64 = (text: string) => atob(text.replace(/\s+/g, ''))
const fromQuoted = (text: string) =>
  text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
