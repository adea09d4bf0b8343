import { searchHref } from '@/lib/search/query'
import type { SavedView } from '@/lib/views/view'

/** The address at which a saved view opens. */
export function viewHref({ id, filter, sort }: Pick<SavedView, 'id' | 'filter' | 'sort'>): string {
  return `${searchHref(filter, sort)}&view=${id}`
}
