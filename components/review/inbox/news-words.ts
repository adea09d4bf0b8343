/** What the button above the inbox says; null where the list is as it is. Pure. */
export function newsWords(news: { arrived: number; left: ReadonlySet<string>; reordered: boolean }): string | null {
  if (news.arrived > 0) return news.arrived === 1 ? '1 new' : `${news.arrived} new`
  if (news.left.size > 0) return news.left.size === 1 ? '1 is done or moved' : `${news.left.size} are done or moved`
  return news.reordered ? 'The order changed' : null
}
