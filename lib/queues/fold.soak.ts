import { expect, test } from 'vitest'
import { figureWorld, walkFigures } from '@/lib/testing/figure-walks'
import { dumpFigures, readRollups, recount } from '@/lib/testing/recount'

test.each([1, 2, 3])(
  'after four hundred histories every figure is what the events say (seed %i)',
  async (seed) => {
    const world = await figureWorld()
    await using database = world.database
    await walkFigures(world, { histories: 400, steps: 9, seed })
    const counted = await recount(database.ownerPool)
    expect(Object.fromEntries(await readRollups(database.ownerPool))).toEqual(Object.fromEntries(counted))
    const folded = await dumpFigures(database.ownerPool)
    await database.ownerPool.query('SELECT holdpoint_rebuild_figures()')
    expect(await dumpFigures(database.ownerPool)).toEqual(folded)
  },
  1_800_000,
)
