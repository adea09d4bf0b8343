import { expect, test } from 'vitest'
import { failureClasses, failureSentence } from './failure'

test('every class has a sentence for people, whatever its code', () => {
  for (const failureClass of failureClasses) expect(failureSentence(failureClass, 'no_such_code')).toMatch(/\.$/)
})
