'use client'
import { useEffect, useEffectEvent, useState } from 'react'
import { listed } from './uploads'

export type Handed = { files: File[] /** Names of folders, which cannot be taken. */; folders: string[] }

/**
 * Takes what is dropped or pasted anywhere on the page.
 * @param handlers.onFiles files dropped or pasted
 * @param handlers.onText text pasted where no field would have taken it
 * @returns whether files are being dragged over the page
 */
export function usePageDrop(handlers: {
  disabled: boolean
  onFiles: (handed: Handed) => void
  onText: (text: string) => void
}): boolean {
  const [isOver, setOver] = useState(false)

  const onDrag = useEffectEvent((event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    // Without this the browser would open the file in place of the page, and all that was typed.
    event.preventDefault()
    event.dataTransfer.dropEffect = handlers.disabled ? 'none' : 'copy'
    if (!handlers.disabled) setOver(true)
  })
  const onLeave = useEffectEvent((event: DragEvent) => {
    // Between two elements there is one that is entered; out of the window there is none.
    if (event.relatedTarget === null) setOver(false)
  })
  const onDrop = useEffectEvent((event: DragEvent) => {
    setOver(false)
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    if (!handlers.disabled) handlers.onFiles(handedBy(event.dataTransfer))
  })
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    const data = event.clipboardData
    if (!data || handlers.disabled || event.defaultPrevented) return
    const text = data.getData('text/plain')
    const isTyping = isTextField(event.target)
    // Word puts a picture of the text beside the text: in a field, the text is meant.
    if (data.files.length > 0 && !(isTyping && text !== '')) {
      event.preventDefault()
      handlers.onFiles(handedBy(data))
    } else if (!isTyping && text.trim() !== '') {
      event.preventDefault()
      handlers.onText(text)
    }
  })

  useEffect(() => {
    const listeners = new AbortController()
    const { signal } = listeners
    window.addEventListener('dragenter', onDrag, { signal })
    window.addEventListener('dragover', onDrag, { signal })
    window.addEventListener('dragleave', onLeave, { signal })
    window.addEventListener('drop', onDrop, { signal })
    window.addEventListener('paste', onPaste, { signal })
    return () => listeners.abort()
  }, [])

  return isOver
}

function handedBy(data: DataTransfer): Handed {
  const files: File[] = []
  const folders: string[] = []
  for (const item of data.items) {
    if (item.kind !== 'file') continue
    const file = item.getAsFile()
    if (item.webkitGetAsEntry()?.isDirectory) folders.push(file?.name ?? 'A folder')
    else if (file) files.push(file)
  }
  return { files, folders }
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox', 'file', 'button'].includes(target.type)
  return target instanceof HTMLElement && target.isContentEditable
}

/** What to say of folders that were dropped. */
export function folderNotes(folders: readonly string[]): string[] {
  if (folders.length === 0) return []
  if (folders.length === 1) return [`${folders[0]} is a folder. Open it, and drop the files that are in it.`]
  return [`${listed(folders)} are folders. Open them, and drop the files that are in them.`]
}
