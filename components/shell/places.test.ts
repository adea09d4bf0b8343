import { describe, expect, it } from 'vitest'
import { currentPlace, phonePlaces, placesFor } from './places'

const everything = { mayCreate: true, mayReview: true, mayReadAll: true, maySeePeople: true }

describe('the places of the side bar', () => {
  it('leave out what a person may not open', () => {
    const keys = placesFor({ mayCreate: false, mayReview: false, mayReadAll: false, maySeePeople: false }).map(
      (place) => place.key,
    )
    expect(keys).toEqual(['jobs', 'keys', 'account'])
  })

  it('put what is used all day under the thumb on a phone, and the rest behind "More"', () => {
    const keys = (person: Parameters<typeof placesFor>[0]) => {
      const { bar, more } = phonePlaces(placesFor(person))
      return [bar.map(({ key }) => key), more.slice(0, 2).map(({ key }) => key)]
    }
    expect(keys(everything)).toEqual([
      ['jobs', 'review'],
      ['new', 'workflows'],
    ])
    expect(keys({ mayCreate: true, mayReview: false, mayReadAll: false, maySeePeople: false })).toEqual([
      ['jobs', 'new'],
      ['keys', 'account'],
    ])
  })

  it.each([
    ['/review', 'review'],
    ['/review/1042', 'review'],
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
