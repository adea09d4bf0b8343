/**
 * Makes a gate that lets at most `most` works run at once; the others wait in the order in which they came. For reads
 * that take long where there is much: a hundred of them at once would keep every connection to the database, and
 * whoever asks for something small would get none.
 */
export function inTurn(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running === most) await new Promise<void>((enter) => waiting.push(enter))
    else running += 1
    try {
      return await work()
    } finally {
      // Whoever is next takes the place over.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
