import { describe, expect, test } from 'vitest'
import { MAX_FILE_BYTES } from '@/lib/documents/extracted'
import { countingKeys, documentOf, readyUpload, refusedUpload, uploadOf } from './fixtures'
import { admit, fileSize, listed, nextToSend, reduceUploads, textFileName, type Upload } from './uploads'

const waiting = (name: string) => uploadOf(name, { is: 'waiting' })

describe('a list of uploads', () => {
  test('three are sent at once, in order, and the next when one is done', () => {
    const list = ['a', 'b', 'c', 'd', 'e'].map(waiting)
    expect(nextToSend(list)).toEqual(['key of a', 'key of b', 'key of c'])
    const under: Upload[] = [
      uploadOf('a', { is: 'sending', sent: 1 }),
      uploadOf('b', { is: 'reading' }),
      readyUpload('c'),
      waiting('d'),
      waiting('e'),
    ]
    expect(nextToSend(under)).toEqual(['key of d'])
    expect(nextToSend([...under.slice(0, 2), uploadOf('f', { is: 'sending', sent: 0 }), waiting('g')])).toEqual([])
  })

  test('an upload goes from waiting to ready, and its neighbour is left alone', () => {
    let list: readonly Upload[] = [waiting('a'), waiting('b')]
    const states = (['started', 'sentAll'] as const).map((type) => {
      list = reduceUploads(list, { type, key: 'key of a' })
      return list[0]?.state
    })
    expect(states).toEqual([{ is: 'sending', sent: 0 }, { is: 'reading' }])
    list = reduceUploads(list, { type: 'readied', key: 'key of a', document: documentOf('a') })
    expect(list).toEqual([readyUpload('a'), waiting('b')])
  })

  test('the answer to an upload that was removed meanwhile changes nothing', () => {
    const list = reduceUploads([waiting('a'), waiting('b')], { type: 'removed', key: 'key of a' })
    expect(reduceUploads(list, { type: 'readied', key: 'key of a', document: documentOf('a') })).toEqual([waiting('b')])
  })

  test('only what was cut off by the network starts again when it is back', () => {
    const list = [refusedUpload('cut', true, true), refusedUpload('scan'), readyUpload('c')]
    expect(reduceUploads(list, { type: 'reconnected' })).toEqual([waiting('cut'), list[1], list[2]])
  })
})

describe('files that are offered', () => {
  test('a file over the limit joins refused, with its name and both sizes, and is never sent', () => {
    const { taken } = admit([], [{ name: 'big.pdf', size: MAX_FILE_BYTES + 1024 * 1024 }], countingKeys())
    expect(taken[0]?.upload.state).toMatchObject({
      is: 'refused',
      again: false,
      detail: expect.stringMatching(/^big\.pdf has 21 MB, .* 20 MB/),
    })
    expect(nextToSend(taken.map(({ upload }) => upload))).toEqual([])
    expect(admit([], [{ name: 'fits.pdf', size: MAX_FILE_BYTES }], countingKeys()).taken[0]?.upload.state.is).toBe(
      'waiting',
    )
  })

  test('what is in the list already is not added again, and that is said', () => {
    const { taken, notes } = admit(
      [readyUpload('a')],
      [
        { name: 'a', size: 10 },
        { name: 'a', size: 11 },
      ],
      countingKeys(),
    )
    expect(taken.map(({ file }) => file.size)).toEqual([11])
    expect(notes).toEqual(['a is in the list already.'])
  })

  test('a file that was refused can be added again, and takes its own place', () => {
    const { taken, notes } = admit([refusedUpload('a')], [{ name: 'a', size: 10 }], countingKeys())
    expect(notes).toEqual([])
    const list = reduceUploads([refusedUpload('a'), readyUpload('b')], {
      type: 'added',
      uploads: taken.map(({ upload }) => upload),
    })
    expect(list.map(({ name, state }) => [name, state.is])).toEqual([
      ['b', 'ready'],
      ['a', 'waiting'],
    ])
  })

  test('beyond fifty, those left out are named', () => {
    const fifty = Array.from({ length: 49 }, (_, index) => readyUpload(`${index}`))
    const offered = ['x', 'y', 'z', 'u', 'v'].map((name) => ({ name, size: 1 }))
    const { taken, notes } = admit(fifty, offered, countingKeys())
    expect(taken.map(({ file }) => file.name)).toEqual(['x'])
    expect(notes).toEqual(['A job takes at most 50 documents. Not added: y, z, u, and 1 more.'])
  })
})

describe('words', () => {
  test.each([
    [1, '1 byte'],
    [1023, '1023 bytes'],
    [1024, '1 KB'],
    [49_357, '48.2 KB'],
    [MAX_FILE_BYTES, '20 MB'],
  ])('%i bytes are %j', (bytes, words) => expect(fileSize(bytes)).toBe(words))

  test('a pasted text gets a name that no other document has', () => {
    expect(textFileName('', [])).toBe('Pasted text.txt')
    expect(textFileName(' Call.TXT ', [])).toBe('Call.txt')
    expect(textFileName('Call', [readyUpload('Call.txt'), readyUpload('Call 2.txt')])).toBe('Call 3.txt')
  })

  test('a long list of names is cut and counted', () => {
    expect(listed(['a', 'b', 'c'])).toBe('a, b, and c')
    expect(listed(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, and 2 more')
  })
})
