/** What Next runs once as a web server begins. */
export async function register(): Promise<void> {
  // Not while pages are built, nor in a runtime that has no database.
  if (process.env.NEXT_RUNTIME !== 'nodejs' || !process.env.DATABASE_URL) return
  const [{ watchAlerts }, { env }, { db }] = await Promise.all([
    import('@/lib/alerts/watch.server'),
    import('@/lib/env.server'),
    import('@/lib/store/db.server'),
  ])
  watchAlerts({ open: db, env: env(), log: (line) => console.warn(line) })
}
