// Reads a PDF or DOCX in a thread of its own (see read-in-thread.server.ts), so that a file made to take for ever can be
// stopped. Plain JavaScript: the thread runs it as it is, inside Next and outside.
import { parentPort, workerData } from 'node:worker_threads'

/**
 * The text of a page, line by line, with a blank line where the gap between two lines is wider than a line.
 * @param {{ str?: string, hasEOL?: boolean, transform?: number[], height?: number }[]} items
 */
function pageText(items) {
  let text = ''
  let last = null
  for (const { str, hasEOL, transform, height } of items) {
    // Marks of structure carry no text.
    if (str === undefined) continue
    if (str.trim() !== '' && transform !== undefined) {
      const here = { y: transform[5], size: Math.hypot(transform[2], transform[3]) || height || 0 }
      const gap = last === null ? 0 : Math.abs(last.y - here.y)
      // Lines are set 1.1 to 1.5 times the size of their letters apart, paragraphs wider.
      if (gap > 1.7 * Math.max(here.size, last?.size ?? 0) && text !== '') text = `${text.trimEnd()}\n\n`
      last = here
    }
    text += str + (hasEOL ? '\n' : '')
  }
  return text.replaceAll(/[^\S\n]+\n/g, '\n').trim()
}

/** @param {Uint8Array} bytes */
async function readPdf(bytes) {
  const { getDocumentProxy } = await import('unpdf')
  // verbosity 0: a damaged font is no news for the log. No eval of what the file brings.
  const pdf = await getDocumentProxy(bytes, { verbosity: 0, isEvalSupported: false })
  const texts = []
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number)
    texts.push(pageText((await page.getTextContent()).items))
    page.cleanup()
  }
  return texts
}

/** @param {Uint8Array} bytes */
async function readDocx(bytes) {
  const { default: mammoth } = await import('mammoth')
  const { value } = await mammoth.extractRawText({ buffer: Buffer.from(bytes) })
  // A paragraph without text would otherwise become a gap of its own.
  return [value.replaceAll(/\n{3,}/g, '\n\n').trim()]
}

try {
  const texts = await (workerData.kind === 'pdf' ? readPdf(workerData.bytes) : readDocx(workerData.bytes))
  parentPort.postMessage({ texts })
} catch (error) {
  // pdf.js marks its errors by name: PasswordException, InvalidPDFException, …
  parentPort.postMessage({ failed: error instanceof Error ? error.name : 'Error' })
}
