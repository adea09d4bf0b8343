'use client'
import { CornerDownRight } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'
import { notTakenWords } from './not-taken-words'
import { askForNext } from './queries'

/** Claims the most urgent item that nobody holds or looks at, and opens it. */
export function TakeNextButton({ workflow, readAgain }: { workflow: string | null; readAgain: () => void }) {
  const router = useRouter()
  const toast = useToast()
  const [isTaking, setIsTaking] = useState(false)

  async function take() {
    if (isTaking) return
    setIsTaking(true)
    try {
      const { number } = await askForNext(workflow === null ? {} : { workflow })
      // It goes on taking until the desk is there: a second press would claim another one.
      if (number !== null) return router.push(`/review/${number}`)
      readAgain()
      toast({
        title: 'Nothing is free right now',
        description: 'What waits is held or looked at by others, or asks for somebody else.',
      })
    } catch (error) {
      readAgain()
      toast({ ...notTakenWords(error), tone: 'danger' })
    }
    setIsTaking(false)
  }

  return (
    <Button variant="primary" size="lg" onClick={() => void take()} aria-busy={isTaking || undefined}>
      <CornerDownRight aria-hidden />
      {isTaking ? 'Taking…' : 'Take next'}
    </Button>
  )
}
