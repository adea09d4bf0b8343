import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { WorkerItem } from './worker-item'

test('a worker that has left worked from its start to its last beat, however long ago that was', () => {
  const page = renderToStaticMarkup(
    <WorkerItem
      worker={{
        id: 'a',
        host: 'host-a',
        pid: 7,
        version: '1.0.0',
        state: 'left',
        isKept: false,
        startedAt: '2026-11-24T10:00:00.000Z',
        beatAt: '2026-11-24T13:20:00.000Z',
        endedAt: '2026-11-24T13:20:02.000Z',
        asked: null,
        holds: [],
        more: 0,
      }}
      asks={null}
      asOf="2026-11-30T10:00:00.000Z"
    />,
  )
  expect(page).toContain('worked for 3 h 20 min')
})
