/**
 * Rows as PostgreSQL writes them in JSON (`row_to_json`), given as Prisma gives them. For reads that would otherwise take
 * one statement a table: each costs more in the client than in the database.
 */

type KeysOf<T, V> = { [K in keyof T]-?: NonNullable<T[K]> extends V ? K : never }[keyof T] & string

/** Which fields of a model JSON has no type for: all of them have to be named. */
export type Untold<T> = {
  moments: Record<KeysOf<T, Date>, true>
  bigints: Record<KeysOf<T, bigint>, true>
}

/**
 * The row of a table whose columns are called as the fields of `T`, in snake case.
 * @param row as `row_to_json` wrote it in a session whose zone is UTC; whole numbers up to 2^53.
 */
export function rowOf<T>(row: Record<string, unknown>, { moments, bigints }: Untold<T>): T {
  const entries = Object.entries(row).map(([column, value]) => {
    const field = column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    if (value !== null && field in moments) return [field, new Date(value as string)]
    if (value !== null && field in bigints) return [field, BigInt(value as number)]
    return [field, value]
  })
  return Object.fromEntries(entries) as T
}
