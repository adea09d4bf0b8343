'use client'
import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import { randomKey } from './random-key'
import { sendFile } from './send-file'
import { admit, nextToSend, reduceUploads, type Upload } from './uploads'

export type Uploads = {
  list: readonly Upload[]
  /** About files that did not join the list. */
  notes: readonly string[]
  /** The last thing that happened to an upload, for those who do not see the list. */
  said: string
  add: (files: readonly File[], notes?: readonly string[]) => void
  retry: (key: string) => void
  removeAll: (keys: readonly string[]) => void
  restore: (uploads: readonly Upload[], notes: readonly string[]) => void
  clear: () => void
}

/** Sends each file that is added, a few at a time, and keeps what became of it. */
export function useUploads(): Uploads {
  const [list, dispatch] = useReducer(reduceUploads, [])
  const [notes, setNotes] = useState<readonly string[]>([])
  const [said, say] = useState('')
  const files = useRef(new Map<string, File>())
  const running = useRef(new Map<string, AbortController>())

  const send = useCallback(async (key: string) => {
    const file = files.current.get(key)
    if (!file || running.current.has(key)) return
    const control = new AbortController()
    running.current.set(key, control)
    dispatch({ type: 'started', key })
    const sent = await sendFile(file, file.name, {
      signal: control.signal,
      onProgress: (bytes, isAll) =>
        dispatch(isAll ? { type: 'sentAll', key } : { type: 'progressed', key, sent: bytes }),
    })
    running.current.delete(key)
    if (sent.ok) {
      files.current.delete(key)
      dispatch({ type: 'readied', key, document: sent.document })
      say(`${file.name} is added.`)
      return
    }
    dispatch({ type: 'refused', key, detail: sent.detail, again: sent.again, lost: sent.lost })
    say(sent.detail)
  }, [])

  useEffect(() => {
    for (const key of nextToSend(list)) send(key)
  }, [list, send])

  useEffect(() => {
    const reconnect = () => dispatch({ type: 'reconnected' })
    const started = running.current
    window.addEventListener('online', reconnect)
    return () => {
      window.removeEventListener('online', reconnect)
      for (const control of started.values()) control.abort()
      started.clear()
    }
  }, [])

  const forget = (key: string) => {
    running.current.get(key)?.abort()
    running.current.delete(key)
    files.current.delete(key)
  }

  return {
    list,
    notes,
    said,
    add(offered, more = []) {
      const { taken, notes } = admit(list, offered, randomKey)
      for (const { file, upload } of taken) files.current.set(upload.key, file)
      dispatch({ type: 'added', uploads: taken.map(({ upload }) => upload) })
      setNotes([...more, ...notes])
      say(
        [...taken.flatMap(({ upload: { state } }) => (state.is === 'refused' ? [state.detail] : [])), ...notes].join(
          ' ',
        ),
      )
    },
    retry: (key) => dispatch({ type: 'retried', key }),
    removeAll(keys) {
      for (const key of keys) {
        forget(key)
        dispatch({ type: 'removed', key })
      }
      setNotes([])
    },
    restore(uploads, notes) {
      dispatch({ type: 'restored', uploads })
      setNotes(notes)
    },
    clear() {
      for (const key of [...files.current.keys()]) forget(key)
      dispatch({ type: 'restored', uploads: [] })
      setNotes([])
    },
  }
}
