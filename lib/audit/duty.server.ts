/** The duty of a worker: an anchor a minute while anything changes, written down elsewhere too where that is set. */
import type { Db } from '@/lib/store/db.server'
import { anchorWhatChanged } from './anchor.server'
import { copyAnchors } from './copy.server'

/** What was changed by somebody's hand before its anchor does not show: it is taken this often. */
export const ANCHOR_EVERY_MS = 60_000

/** @param folder where anchors are written to as well; absent: nowhere. */
export async function keepAnchors(db: Db, now: () => Date, folder: string | undefined): Promise<void> {
  await anchorWhatChanged(db, now)
  if (folder !== undefined) await copyAnchors(db, folder, now)
}
