'use client'
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button'
import { IconButton } from './icon-button'
import { useToast } from './toast'

export type CopyButtonProps = {
  /** What is put on the clipboard; a function where it can only be known in the browser. */
  value: string | (() => string)
  /** What it copies, as a verb: "Copy response id". */
  label: string
  /** With its words beside the picture. */
  text?: boolean
  size?: 'sm' | 'md'
  className?: string
}

/** Puts something on the clipboard, and says so for two seconds. Says it too where the browser refuses. */
export function CopyButton({ value, label, text, size = 'sm', className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  const toast = useToast()
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [copied])

  async function copy() {
    try {
      await navigator.clipboard.writeText(typeof value === 'function' ? value() : value)
      setCopied(true)
    } catch {
      toast({
        title: 'The browser did not allow copying',
        description: 'Select the text and copy it by hand.',
        tone: 'danger',
      })
    }
  }

  const Icon = copied ? Check : Copy
  const status = (
    <span role="status" className="sr-only">
      {copied ? 'Copied' : ''}
    </span>
  )
  if (text) {
    return (
      <>
        <Button size={size} onClick={copy} className={className}>
          <Icon aria-hidden />
          {label}
        </Button>
        {status}
      </>
    )
  }
  return (
    <>
      <IconButton label={copied ? 'Copied' : label} size={size} onClick={copy} className={className}>
        <Icon aria-hidden />
      </IconButton>
      {status}
    </>
  )
}
