/** The fields of a job's input, with the titles that its form had. Pure. */

export type InputField = { name: string; title: string; hint: string | null; value: unknown; text: string }

/** First the fields of the form in its order, then what else the input has. */
export function fieldsOf(schema: Record<string, unknown>, input: Record<string, unknown>): InputField[] {
  const properties = isRecord(schema.properties) ? schema.properties : {}
  const names = [...new Set([...Object.keys(properties), ...Object.keys(input)])]
  return names.map((name) => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    const { title, description } = isRecord(property) ? property : {}
    const value = Object.hasOwn(input, name) ? input[name] : undefined
    return {
      name,
      title: typeof title === 'string' ? title : name,
      hint: typeof description === 'string' ? description : null,
      value,
      text: textOf(value),
    }
  })
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
