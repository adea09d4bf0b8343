import { expect, test } from 'vitest'
import { testDatabase } from '@/lib/testing/database'
import { ownSigningSecret, signedHeaders } from './signing.server'

test('the example of the Standard Webhooks specification is signed as it says', () => {
  const at = new Date(1_614_265_330_000)
  const body = new TextEncoder().encode('{"test": 2432232314}')
  expect(signedHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_p5jXN8AQM9LWM0D4loKWxJek', body, at)).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('each tool of each workflow has a secret of its own, which stays the same on every host', async () => {
  await using database = await testDatabase()
  const { db } = database
  const [one, other] = await Promise.all([ownSigningSecret(db, 'a', 'pay'), ownSigningSecret(db, 'a', 'pay')])
  expect(one).toBe(other)
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(await ownSigningSecret(db, 'a', 'look_up')).not.toBe(one)
  expect(await ownSigningSecret(db, 'b', 'pay')).not.toBe(one)
})
