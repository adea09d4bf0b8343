import { describe, expect, test } from 'vitest'
import {
  admitsRound,
  type Command,
  commandInfo,
  commandNames,
  isSettled,
  nextState,
  providerStatuses,
  providerStatusNames,
  roles,
  roundKindNames,
  type State,
  stateNames,
  states,
  transitions,
} from './table'

const moves = transitions()

/** Commands by which a job in `state` gets to another one. */
function waysOut(state: State): Command[] {
  return moves.filter(({ from, to }) => from === state && to !== state).map(({ command }) => command)
}

describe('the states', () => {
  test.each(stateNames)('%s can be reached from a new job', (state) => {
    const reached = new Set<State>()
    const visit = (at: State) => {
      if (reached.has(at)) return
      reached.add(at)
      for (const { from, to } of moves) if (from === at) visit(to)
    }
    for (const { from, to } of moves) if (from === null) visit(to)
    expect(reached).toContain(state)
  })

  test.each(stateNames)('%s has a word and a help text that is a sentence', (state) => {
    expect(states[state].label).toMatch(/^[A-Z]/)
    expect(states[state].help).toMatch(/^[A-Z].*\.$/)
  })

  test('no two states share a word', () => {
    expect(new Set(stateNames.map((state) => states[state].label)).size).toBe(stateNames.length)
  })

  test('exactly four are settled', () => {
    expect(stateNames.filter(isSettled)).toEqual(['completed', 'failed', 'expired', 'abandoned'])
  })

  test.each(stateNames.filter((state) => !isSettled(state)))(
    '%s is left by a worker at the deadline, and by a person',
    (state) => {
      expect(waysOut(state)).toEqual(expect.arrayContaining(['expire', 'abandon']))
    },
  )

  test.each([
    ['completed', ['undo', 'reopen']],
    ['failed', ['retry', 'abandon', 'reopen']],
    ['expired', ['retry', 'abandon', 'reopen']],
    ['abandoned', ['retry', 'reopen']],
  ] as const)('%s is left only by %j', (state, commands) => {
    expect(waysOut(state)).toEqual(commands)
  })

  test('no worker moves a settled job on; it only tells how its deliveries stand', () => {
    const touched = commandNames.filter(
      (command) => commandInfo(command).by.includes('worker') && commandInfo(command).from.some(isSettled),
    )
    expect(touched).toEqual(['dispatch', 'delivered', 'undelivered'])
    expect(touched.map((command) => commandInfo(command).to)).toEqual(['same', 'same', 'same'])
  })

  test('what a person settled is never settled again without a decision in between', () => {
    const between = moves.filter(({ from, to }) => from !== null && isSettled(from) && isSettled(to) && from !== to)
    expect(between.map(({ command, from }) => `${command} ${from}`)).toEqual(['abandon failed', 'abandon expired'])
  })
})

describe('the commands', () => {
  test('each leads from a state to one state', () => {
    const keys = moves.map(({ command, from }) => `${command} ${from}`)
    expect(new Set(keys).size).toBe(keys.length)
    for (const { command, from, to } of moves) if (from !== null) expect(nextState(command, from)).toBe(to)
  })

  test('one makes a job, and only in the state queued', () => {
    expect(moves.filter(({ from }) => from === null)).toEqual([{ command: 'create', from: null, to: 'queued' }])
  })

  test.each(commandNames)('%s lists no state, giver or kind of round twice', (command) => {
    const { from, by, rounds = [] } = commandInfo(command)
    for (const list of [from, by, rounds]) expect(new Set<string>(list).size).toBe(list.length)
    expect(by.length).toBeGreaterThan(0)
  })

  test.each(commandNames)('%s belongs either to the worker or to people', (command) => {
    const { by, label, note } = commandInfo(command)
    if (by.includes('worker')) {
      expect(by).toEqual(['worker'])
      expect({ label, note }).toEqual({ label: null, note: 'none' })
    } else {
      expect(label).toMatch(/^[A-Z]/)
    }
  })

  test.each(commandNames)('%s says its consequence in sentences, and what it needs', (command) => {
    expect(commandInfo(command).consequence).toMatch(/^[A-Z].*\.$/)
    expect(commandInfo(command).needs).not.toBe('')
  })

  test('two commands share a label only where the server tells which it was', () => {
    const labels = commandNames.flatMap((command) => commandInfo(command).label ?? [])
    expect(labels.filter((label, index) => labels.indexOf(label) !== index)).toEqual(['Approve'])
    expect(commandInfo('approve').label).toBe(commandInfo('endorse').label)
  })

  test.each(['abandon', 'reopen', 'uphold'] as const)('%s demands a reason', (command) => {
    expect(commandInfo(command).note).toBe('required')
  })
})

describe('the review round', () => {
  test('opens with every move into awaiting_review', () => {
    const into = moves.filter(({ from, to }) => to === 'awaiting_review' && from !== to)
    expect([...new Set(into.map(({ command }) => commandInfo(command).round))]).toEqual(['opens'])
  })

  test('closes with every move out of it', () => {
    const out = moves.filter(({ from, to }) => from === 'awaiting_review' && to !== from)
    expect([...new Set(out.map(({ command }) => commandInfo(command).round))]).toEqual(['closes'])
  })

  test('is kept by every command that stays in it', () => {
    const within = moves.filter(({ from, to }) => from === 'awaiting_review' && to === from)
    expect([...new Set(within.map(({ command }) => commandInfo(command).round))]).toEqual(['keeps'])
  })

  test.each(roundKindNames)('of kind %s can be answered by a person, beside abandoning it', (kind) => {
    const answers = commandNames.filter((command) => {
      const { label, from } = commandInfo(command)
      return label !== null && from.includes('awaiting_review') && admitsRound(command, kind)
    })
    expect(answers).toEqual(expect.arrayContaining(['retry', 'abandon']))
  })

  test('a result is accepted only in a round about a result', () => {
    const accepting = moves.filter(({ from, to }) => from === 'awaiting_review' && to === 'completed')
    expect(accepting.map(({ command }) => command)).toEqual(['approve', 'uphold'])
    for (const { command } of accepting) {
      expect(roundKindNames.filter((kind) => admitsRound(command, kind))).toEqual(['result'])
    }
  })

  test('an answer is adopted only in a round about a call whose end was not seen', () => {
    expect(roundKindNames.filter((kind) => admitsRound('adopt', kind))).toEqual(['unknown', 'trouble'])
  })
})

test('the words of the table name things of the table', () => {
  const givers = [...roles, 'worker', 'own requester', 'decider']
  for (const command of commandNames) {
    const { by, from, to, rounds = [] } = commandInfo(command)
    expect(givers).toEqual(expect.arrayContaining([...by]))
    expect(stateNames).toEqual(expect.arrayContaining([...from, ...(to === 'same' ? [] : [to])]))
    expect(roundKindNames).toEqual(expect.arrayContaining([...rounds]))
  }
})

test('no provider status is taken for a final one before the provider said so', () => {
  const final = providerStatusNames.filter((status) => providerStatuses[status].final)
  expect(final).toEqual(['completed', 'incomplete', 'failed', 'cancelled'])
})
