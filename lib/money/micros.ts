/** Amounts of money: stored and counted in millionths of a US dollar, shown in dollars. Pure. */

export const MICROS_PER_USD = 1_000_000

/** Dollars, as people and workflows write them, in millionths. What is finer than a millionth is rounded. */
export function microsOf(usd: number): bigint {
  return BigInt(Math.round(usd * MICROS_PER_USD))
}

/** Millionths in dollars, for showing and for JSON. */
export function usdOf(micros: bigint): number {
  return Number(micros) / MICROS_PER_USD
}

/** "$12.50", "$0.0123", "$0.00": at least two decimals, and as many more as an amount below a dollar needs to say something. */
export function dollars(usd: number): string {
  const size = Math.abs(usd)
  const decimals = size === 0 || size >= 1 ? 2 : Math.min(6, Math.max(2, 2 - Math.floor(Math.log10(size))))
  return usd.toLocaleString('en', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: decimals,
  })
}

/** As `dollars`, for a price: every decimal that it has, up to six. */
export function exactDollars(usd: number): string {
  return usd.toLocaleString('en', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  })
}

/** The day (UTC) of a moment, as its ISO date: what a day's budget and a price's date count by. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
