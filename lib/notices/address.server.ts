/** The address of this installation, as a lead entered it. It is not taken from requests: those can name any host. */
import type { Tx } from '@/lib/store/db.server'

const SETTING = 'address'

/** Such as https://holdpoint.example.org, without a slash at its end; null where nobody has entered one. */
export async function readAddress(tx: Tx): Promise<string | null> {
  const row = await tx.setting.findUnique({ where: { key: SETTING } })
  return row === null || row.value === '' ? null : row.value
}

/** Keeps `url`, an address that `parseAddress` gave; null: none is known any more. */
export async function saveAddress(tx: Tx, url: string | null): Promise<void> {
  const value = url ?? ''
  await tx.setting.upsert({ where: { key: SETTING }, create: { key: SETTING, value }, update: { value } })
}
