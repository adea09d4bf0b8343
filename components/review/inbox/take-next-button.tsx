'use client'
import { CornerDownRight } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'
import { notTakenWords } from './not-taken-words'
import { askForNext } from './queries'

/** Claims the most urgent item that nobody holds or looks at, and opens it. */
export function TakeNextButton({ workflow, readAgain }: { workflow: string | null; readAgain: () => void }) {
  const router = useRouter()
  const toast = useToast()
  const [isAsking, setIsAsking] = useState(false)
  // Until the desk is there, or somebody went elsewhere: a second press would claim another one.
  const [isOpening, startOpening] = useTransition()
  const isTaking = isAsking || isOpening

  async function take() {
    if (isTaking) return
    setIsAsking(true)
    try {
      const { number } = await askForNext(workflow === null ? {} : { workflow })
      if (number !== null) return startOpening(() => router.push(`/review/${number}`))
      readAgain()
      toast({
        title: 'Nothing is free right now',
        description: 'What waits is held or looked at by others, or asks for somebody else.',
      })
    } catch (error) {
      readAgain()
      toast({ ...notTakenWords(error), tone: 'danger' })
    } finally {
      setIsAsking(false)
    }
  }

  return (
    <Button variant="primary" size="lg" onClick={() => void take()} aria-busy={isTaking || undefined}>
      <CornerDownRight aria-hidden />
      {isTaking ? 'Taking…' : 'Take next'}
    </Button>
  )
}
