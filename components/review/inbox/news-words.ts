/** What stands above the inbox. Pure. */

/** What the button says; null where the list is as it is. */
export function newsWords(news: { arrived: number; left: ReadonlySet<string>; reordered: boolean }): string | null {
  if (news.arrived > 0) return news.arrived === 1 ? '1 new' : `${news.arrived} new`
  if (news.left.size > 0) return news.left.size === 1 ? '1 is done or moved' : `${news.left.size} are done or moved`
  return news.reordered ? 'The order changed' : null
}

const number = new Intl.NumberFormat('en')

/** How many there are, and in which order they stand. */
export function totalWords(count: number): string {
  if (count === 0) return 'None'
  return count === 1 ? '1 item' : `${number.format(count)} items, the most urgent first`
}
