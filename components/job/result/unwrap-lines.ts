/** A line of at least so many characters was ended by the width of the paper, not by its writer. */
const FULL = 60

/**
 * The text of a PDF with its paragraphs in one piece: each line end that only the paper's width asked for is a space.
 * As long as before, so that offsets stay true. What looks like a list, a table or a title keeps its lines.
 */
export function unwrapLines(text: string): string {
  return text.replace(new RegExp(`^([^\\n]{${FULL},})\\n(?!\\s|[-•*(]|\\d+[.)]\\s)`, 'gm'), '$1 ')
}
