/** `holdpoint figures …`: what somebody needs who doubts the figures of the queues. */
import type { Command } from 'commander'
import pg from 'pg'
import { withDatabase } from '@/lib/cli/open-database.server'
import type { Env } from '@/lib/env.server'

/** @param readEnv gives the environment, when a command needs it. */
export function addFigureCommands(program: Command, readEnv: () => Env) {
  program
    .command('figures')
    .description('The figures of the queues.')
    .command('rebuild')
    .description('Counts them anew from the histories of all jobs. No job moves meanwhile.')
    .action(async () => {
      const begun = performance.now()
      await withDatabase(readEnv(), ({ url }) => rebuildFigures(url))
      console.log(`Counted anew in ${((performance.now() - begun) / 1_000).toFixed(1)} s.`)
    })
}

/** Counts all figures anew, as the owner, whose URL this is. */
async function rebuildFigures(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'holdpoint figures' })
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query(`SET LOCAL work_mem = '256MB'`)
    await client.query('SELECT holdpoint_rebuild_figures()')
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}
