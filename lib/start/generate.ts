/** After `npm ci`: makes the Prisma client, so that types, tests and pages find it. */
import { ensureClient } from '@/lib/start/build.server'

try {
  await ensureClient((line) => console.log(line))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
