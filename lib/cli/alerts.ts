/** `holdpoint alerts …`: what somebody needs who receives the signed requests of alerts. */
import type { Command } from 'commander'
import { alertSecret } from '@/lib/alerts/messages.server'
import { withDatabase } from '@/lib/cli/open-database.server'
import type { Env } from '@/lib/env.server'

/** @param readEnv gives the environment, when a command needs it. */
export function addAlertCommands(program: Command, readEnv: () => Env) {
  program
    .command('alerts')
    .description('What leads are told.')
    .command('secret')
    .description('Prints the secret that signs what is sent of alerts.')
    .action(async () => {
      console.log(await withDatabase(readEnv(), ({ db }) => alertSecret(db)))
    })
}
