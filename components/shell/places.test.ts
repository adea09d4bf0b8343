import { describe, expect, it } from 'vitest'
import { currentPlace, placesFor } from './places'

const everything = { mayCreate: true, mayReadAll: true, maySeePeople: true }

describe('the places of the side bar', () => {
  it('leave out what a person may not open', () => {
    const keys = placesFor({ mayCreate: false, mayReadAll: false, maySeePeople: false }).map((place) => place.key)
    expect(keys).toEqual(['jobs', 'keys', 'account'])
  })

  it.each([
    ['/jobs', 'jobs'],
    ['/jobs/1042', 'jobs'],
    ['/jobs/new', 'new'],
    ['/settings/people', 'people'],
    ['/workflows/report', 'workflows'],
    ['/elsewhere', undefined],
    ['/jobsmith', undefined],
  ])('mark %s as %s', (pathname, key) => {
    expect(currentPlace(placesFor(everything), pathname)?.key).toBe(key)
  })
})
