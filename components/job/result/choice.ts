/** The choice that a person makes among the options of a recommendation. Pure. */

/**
 * The text of a recommendation in which `id` is chosen: what a revision of it is made of. All else stays as it is, apart
 * from white space.
 * @returns null where the text is no such JSON.
 */
export function textWithChoice(text: string, id: string): string | null {
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json !== 'object' || json === null || !('options' in json) || !Array.isArray(json.options)) return null
    return JSON.stringify({ ...json, choice: id })
  } catch {
    return null
  }
}
