/** A proposed action in rows that people read, and as the JSON that it is. Pure. */

/** `value` is null where nothing stands; an object where it has fields of its own. */
export type ActionRow = { path: string; name: string; value: string | object | null }

const money = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 20 })

/** One row a field. An amount and its currency are one. */
export function rowsOfAction(action: unknown): ActionRow[] {
  if (!isRecord(action)) return []
  const { amount, currency } = action
  const isMoney = typeof amount === 'number' && typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)
  return Object.entries(action).flatMap(([key, value]): ActionRow[] => {
    const row = { path: `/action/${key}`, name: nameOf(key) }
    if (isMoney && key === 'currency') return []
    if (isMoney && key === 'amount') return [{ ...row, value: `${money.format(amount)} ${currency}` }]
    return [{ ...row, value: shownValue(value) }]
  })
}

function shownValue(value: unknown): ActionRow['value'] {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return typeof value === 'object' ? value : String(value)
}

/** `order_id` and `orderId` are "Order id". */
function nameOf(key: string): string {
  const words = key.replace(/[_-]+/g, ' ').replace(/(\p{Ll})(\p{Lu})/gu, (_all, a, b) => `${a} ${b.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/**
 * The action as JSON, its fields in the order in which `text` has them: a database may keep them in another.
 * @returns null where it is nested too deep to be written out.
 */
export function exactAction(text: string, action: unknown): string | null {
  try {
    return JSON.stringify(actionIn(text) ?? action, null, 2)
  } catch {
    return null
  }
}

function actionIn(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return isRecord(json) && isRecord(json.action) ? json.action : null
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
