/** `npm run build`: what `npm start` would build, ahead of time. */
import { ensureBuild, ensureClient } from '@/lib/start/build.server'

try {
  await ensureClient((line) => console.log(line))
  await ensureBuild((line) => console.log(line))
  console.log('Everything is built.')
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
