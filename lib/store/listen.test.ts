import { expect, it, onTestFinished, vi } from 'vitest'
import { listen } from '@/lib/store/listen.server'
import { testDatabase } from '@/lib/testing/database'

it('hears what is sent on its channel, and nothing else', async () => {
  await using database = await testDatabase()
  const heard: string[] = []
  const listener = listen('one', (payload) => heard.push(payload), vi.fn(), database.url)
  onTestFinished(() => listener.close())
  await vi.waitUntil(() => listener.isUp(), 120_000)
  await database.db.$executeRaw`SELECT pg_notify('two', 'other')`
  await database.db.$executeRaw`SELECT pg_notify('one', 'mine')`
  await vi.waitFor(() => expect(heard).toEqual(['mine']), 120_000)
})

it('says that it is down when its connection is lost, mends itself, and says that news may be missing', async () => {
  await using database = await testDatabase()
  const heard: string[] = []
  const began = vi.fn()
  const listener = listen('one', (payload) => heard.push(payload), began, database.url)
  onTestFinished(() => listener.close())
  await vi.waitUntil(() => listener.isUp(), 120_000)
  expect(began).toHaveBeenCalledTimes(1)
  await database.ownerPool.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'holdpoint listen' AND datname = current_database()",
  )
  await vi.waitUntil(() => !listener.isUp(), 120_000)
  await vi.waitUntil(() => listener.isUp(), 120_000)
  expect(began).toHaveBeenCalledTimes(2)
  await database.db.$executeRaw`SELECT pg_notify('one', 'again')`
  await vi.waitFor(() => expect(heard).toEqual(['again']), 120_000)
})

it('stays down while nobody answers, and ends when closed', async () => {
  const began = vi.fn()
  const listener = listen('one', vi.fn(), began, 'postgres://nobody@127.0.0.1:1/none')
  expect(listener.isUp()).toBe(false)
  await listener.close()
  expect(began).not.toHaveBeenCalled()
})
