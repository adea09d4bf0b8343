import { expect, test } from 'vitest'
import { deliveryWorld } from '@/lib/testing/deliveries'
import { person } from '@/lib/testing/people'
import { readDesk, readLeaving } from './desk.server'
import { deskSchema, leavingSchema } from './desk-view'

const mail = { HOLDPOINT_SMTP_URL: undefined, HOLDPOINT_MAIL_FROM: 'desk@example.com', HOLDPOINT_DATA_DIR: '/data' }
const email = () => ({
  kind: 'email' as const,
  to: { value: 'tom@reed.example' },
  subject: { value: 'Your question' },
  text: { value: 'Dear Mr Reed' },
})

test('what leaves is read to the letter while its round is open, and still after it was let leave', async () => {
  await using world = await deliveryWorld()
  const { db, reviewer, ask, approve, read } = world
  const { id } = await ask()
  const { delivery } = (await read(id, reviewer)).reviews.at(-1) ?? {}
  const hash = delivery?.hash ?? ''
  const leaving = await readLeaving(db, reviewer, { key: id, hash }, mail)
  expect(leavingSchema.parse(leaving)).toMatchObject({
    kind: 'http',
    destination: delivery?.destination,
    sha256: delivery?.bytesHash,
    size: delivery?.size,
    stays: null,
    readable: { isJson: true, text: expect.stringContaining('"holdpoint.result.accepted"') },
  })
  await approve(id)
  expect(await readLeaving(db, reviewer, { key: id, hash }, mail)).toEqual(leaving)
  expect(await readLeaving(db, reviewer, { key: id, hash: 'f'.repeat(64) }, mail)).toBeNull()
})

test('a letter is said to stay where no mail server is set up, and only there', async () => {
  await using world = await deliveryWorld({ delivery: email })
  const { db, reviewer, ask, read } = world
  const { id } = await ask()
  const key = { key: id, hash: (await read(id, reviewer)).reviews.at(-1)?.delivery?.hash ?? '' }
  const stays = await readLeaving(db, reviewer, key, mail)
  expect(stays?.stays).toContain('kept as a file in /data/mail')
  expect(stays?.readable.text).toContain('Dear Mr Reed')
  const leaves = await readLeaving(db, reviewer, key, { ...mail, HOLDPOINT_SMTP_URL: 'smtp://mail.example' })
  expect(leaves?.stays).toBeNull()
})

test('nobody reads what leaves of a job that they may not see', async () => {
  await using world = await deliveryWorld()
  const { db, reviewer, ask, read } = world
  const stranger = await person(db, ['requester'], 'Stranger')
  const { id } = await ask()
  const hash = (await read(id, reviewer)).reviews.at(-1)?.delivery?.hash ?? ''
  expect(await readLeaving(db, stranger, { key: id, hash }, mail)).toBeNull()
  expect(await readDesk(db, stranger, id)).toBeNull()
})

test('the desk offers the reasons, and the active people who may read the job', async () => {
  await using world = await deliveryWorld()
  const { db, reviewer, support, ask } = world
  const stranger = await person(db, ['requester'], 'Stranger')
  const gone = await person(db, ['reviewer'], 'Gone')
  await db.user.update({ where: { id: gone.userId ?? '' }, data: { deactivatedAt: new Date() } })
  const { id } = await ask()
  const desk = deskSchema.parse(await readDesk(db, reviewer, id))
  expect(desk.reasons.find(({ key }) => key === 'not_needed')?.commands).toEqual(['abandon'])
  expect(desk.outputSchema).toHaveProperty('properties')
  const ids = desk.people.map((one) => one.id)
  expect(ids).toEqual(expect.arrayContaining([reviewer.userId, support.userId]))
  expect(ids).not.toContain(stranger.userId)
  expect(ids).not.toContain(gone.userId)
  expect(desk.people.find((one) => one.id === reviewer.userId)?.mayDecide).toBe(true)
})
