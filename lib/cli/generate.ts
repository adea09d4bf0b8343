/** `holdpoint generate`: a store of plausible histories, for trials and benches. */
import { type Command, InvalidArgumentError } from 'commander'
import { withDatabase } from '@/lib/cli/open-database.server'
import type { Env } from '@/lib/env.server'
import { generate } from '@/lib/generate/generate.server'
import { withScratch } from '@/lib/generate/scratch.server'
import { tellStories } from '@/lib/generate/stories.server'

const HELP = `
For trials and benches, in a store of its own. The histories are told once by the engine itself, in a database that is
thrown away, and then repeated with other people, times and ids. They are checked by the rules of the database before
any of them counts.

No model is called and nothing is sent. So that it stays like that:
  - every attempt bears the provider "generated", which no worker asks about anything;
  - sending stands still for each workflow with generated jobs that are queued or running, until a lead resumes it
    (then the queued ones are sent, and paid);
  - what was accepted and has not left yet is due in a year.
It all commits together, or not at all. Until then the store is locked: stop Holdpoint before you fill a store in use.

With --no-unfinished there are no such jobs, and no workflow stands still. A job that a person retries is sent like any
other. Customers have addresses below .invalid, which lead nowhere, and the people cannot sign in.
`

type Options = {
  jobs: number
  waiting?: number
  reviewers: number
  seed: number
  unfinished: boolean
  intoExisting: boolean
}

/** @param readEnv gives the environment, when the command needs it. */
export function addGenerateCommand(program: Command, readEnv: () => Env) {
  program
    .command('generate')
    .description('Makes a store of plausible histories, for trials and benches.')
    .requiredOption('--jobs <number>', 'how many jobs', atLeast(1))
    .option('--waiting <number>', 'how many of them wait for people (an eighth, unless said)', atLeast(0))
    .option('--reviewers <number>', 'how many reviewers there are', atLeast(2), 8)
    .option('--seed <number>', 'another seed makes other histories', atLeast(0), 1)
    .option('--no-unfinished', 'leaves out jobs that are queued or running, and deliveries that have not left')
    .option('--into-existing', 'also where there are jobs; generated ones cannot be taken out again', false)
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const env = readEnv()
      console.log('Telling the stories …')
      const told = await withScratch(tellStories)
      const done = await withDatabase(env, (store) => generate(store, told, { ...options, say: console.log }))
      const { jobs, rows, milliseconds, rules, stopped } = done
      const seconds = milliseconds / 1_000
      const number = (value: number) => Math.round(value).toLocaleString('en')
      console.log(
        `${number(options.jobs)} jobs: ${number(jobs.waiting)} wait for people, ${number(jobs.unfinished)} are under way, ${number(jobs.settled)} are settled.`,
      )
      console.log(
        `${number(rows)} rows in ${seconds.toFixed(1)} s: ${number(options.jobs / seconds)} jobs a second. Checked: ${rules.length} rules of the database hold.`,
      )
      if (stopped.length > 0) {
        console.log(`Sending stands still, so that nothing generated is paid: ${stopped.join(', ')}.`)
      }
    })
}

function atLeast(least: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= 10_000_000) return value
    throw new InvalidArgumentError(`Give a whole number from ${least} to 10,000,000.`)
  }
}
