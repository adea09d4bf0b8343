/** What somebody might do to the bytes of a store, and to what names them. */
import { createHash } from 'node:crypto'
import type { Tampering, World } from './tamper'

const blobs = (name: string, run: (world: World, hash: string) => Promise<unknown>): Tampering => ({
  name,
  of: 'blobs',
  run: async (world) => {
    const hash = world.chance.pick(world.blobs)
    await run(world, hash)
    return hash
  },
})

export const BLOBS: Tampering[] = [
  blobs('a byte of a blob is edited', ({ client, chance }, hash) =>
    client.query(
      `UPDATE blob_chunk SET bytes = set_byte(bytes, $2 % octet_length(bytes), get_byte(bytes, $2 % octet_length(bytes)) # $3)
        WHERE sha256 = $1 AND position = 0`,
      [hash, chance.below(1_000_000), 1 + chance.below(255)],
    ),
  ),
  blobs('a blob is truncated', async ({ client, chance }, hash) => {
    const kept = chance.below(100)
    await client.query(
      'UPDATE blob_chunk SET bytes = substr(bytes, 1, octet_length(bytes) * $2 / 100) WHERE sha256 = $1',
      [hash, kept],
    )
    await client.query(
      'UPDATE blob SET size = (SELECT sum(octet_length(bytes)) FROM blob_chunk c WHERE c.sha256 = $1) WHERE sha256 = $1',
      [hash],
    )
  }),
  blobs('the bytes of a blob are deleted', ({ client }, hash) =>
    client.query('DELETE FROM blob_chunk WHERE sha256 = $1', [hash]),
  ),
  blobs('a blob is deleted', async ({ client }, hash) => {
    await client.query('DELETE FROM blob_chunk WHERE sha256 = $1', [hash])
    await client.query('DELETE FROM blob WHERE sha256 = $1', [hash])
  }),
  blobs('two blobs change bytes', async ({ client, chance, blobs: all }, hash) => {
    const other = chance.pick(all.filter((one) => one !== hash))
    await client.query(
      `UPDATE blob_chunk c SET bytes = (SELECT bytes FROM blob_chunk o WHERE o.position = 0
          AND o.sha256 = CASE c.sha256 WHEN $1 THEN $2 ELSE $1 END)
        WHERE position = 0 AND sha256 IN ($1, $2)`,
      [hash, other],
    )
  }),
  blobs('a blob is erased, and no event says so', async ({ client }, hash) => {
    await client.query('DELETE FROM blob_chunk WHERE sha256 = $1', [hash])
    await client.query('UPDATE blob SET erased_at = now() WHERE sha256 = $1', [hash])
  }),
  blobs('what names a blob names another, which is whole', async ({ client, chance }, hash) => {
    const bytes = Buffer.from(`{"in its place":"${chance.hex(20)}"}`)
    const other = createHash('sha256').update(bytes).digest('hex')
    await client.query('INSERT INTO blob (sha256, size) VALUES ($1, $2)', [other, bytes.length])
    await client.query('INSERT INTO blob_chunk (sha256, position, bytes) VALUES ($1, 0, $2)', [other, bytes])
    for (const [table, column, also = ''] of NAMES) {
      await client.query(`UPDATE ${table} SET ${column} = $2${also} WHERE ${column} = $1`, [hash, other])
    }
    await client.query('DELETE FROM blob_chunk WHERE sha256 = $1', [hash])
    await client.query('DELETE FROM blob WHERE sha256 = $1', [hash])
  }),
  {
    name: 'all blobs are truncated away',
    of: 'blobs',
    run: async ({ client }) => {
      await client.query('DELETE FROM blob_chunk')
      await client.query('DELETE FROM blob')
      return 'all'
    },
  },
]

/** Every column that names bytes, and what a CHECK wants to go with it. */
const NAMES: [table: string, column: string, also?: string][] = [
  ['document', 'sha256'],
  ['document', 'text_sha256'],
  ['job', 'input_sha256'],
  ['job', 'guidance_sha256'],
  ['attempt', 'request_sha256'],
  ['attempt', 'payload_sha256'],
  ['result', 'sha256'],
  [
    'review_round',
    'delivery_sha256',
    ', delivery_hash = delivery_hash(delivery_kind, delivery_to, $2, delivery_corrects)',
  ],
  ['decision', 'note_sha256'],
  ['tool_call', 'arguments_sha256'],
  ['tool_call', 'permitted_sha256'],
  ['delivery', 'bytes_sha256', ', delivery_hash = delivery_hash(kind, destination, $2, corrects_id)'],
]
