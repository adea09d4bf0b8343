'use client'
import { CornerDownRight } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ApiError } from '@/components/jobs/conditional-fetch'
import { failureWords } from '@/components/jobs/list/refresh-words'
import { Button } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'
import { askForNext } from './queries'

/** Claims the most urgent item that nobody holds or looks at, and opens it. */
export function TakeNextButton({ workflow, onNone }: { workflow: string | null; onNone: () => void }) {
  const router = useRouter()
  const toast = useToast()
  const [isTaking, setIsTaking] = useState(false)

  async function take() {
    if (isTaking) return
    setIsTaking(true)
    try {
      const { number } = await askForNext(workflow === null ? {} : { workflow })
      if (number !== null) return router.push(`/review/${number}`)
      onNone()
      toast({
        title: 'Nothing is free right now',
        description: 'What waits is held or looked at by others, or asks for somebody else.',
      })
    } catch (error) {
      const description = error instanceof ApiError ? `${failureWords(error)}. Try again.` : 'Try again.'
      toast({ title: 'Nothing was taken', description, tone: 'danger' })
    } finally {
      setIsTaking(false)
    }
  }

  return (
    <Button variant="primary" size="lg" onClick={() => void take()} aria-busy={isTaking || undefined}>
      <CornerDownRight aria-hidden />
      {isTaking ? 'Taking…' : 'Take next'}
    </Button>
  )
}
