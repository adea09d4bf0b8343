import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { Checks } from './checks'

it('shows checks of any key, two of the same key too, and says which are the workflow’s own', () => {
  const drawn = renderToStaticMarkup(
    <Checks
      checks={[
        { key: 'annotations', label: 'Every citation resolves', outcome: 'fail', detail: '1 of 2 does not.' },
        { key: 'own:amount', label: 'The amount is right', outcome: 'pass', detail: 'It is 3.' },
        { key: 'own:amount', label: 'And again', outcome: 'pass', detail: 'pay \u202e0001' },
      ]}
    />,
  )
  expect(drawn).toContain('1 failed, 2 passed')
  expect(drawn.match(/of this workflow/g)).toHaveLength(2)
  expect(drawn).toContain('And again')
  expect(drawn).toContain('U+202E')
})
