import { Button as BaseButton } from '@base-ui/react/button'
import { X } from 'lucide-react'
import { buttonVariants } from './button-variants'
import { cn } from './cn'

/**
 * The cross of what lies above the page. It shows no words on focus, unlike other pictures: it often has the focus
 * first, and the first Escape would then close its words instead of the dialog.
 */
export function CloseCross(props: Omit<BaseButton.Props, 'className' | 'aria-label' | 'children'>) {
  return (
    <BaseButton
      {...props}
      aria-label="Close"
      className={cn(buttonVariants({ variant: 'ghost', size: 'sm' }), 'w-7 px-0 pointer-coarse:w-9')}
    >
      <X aria-hidden />
    </BaseButton>
  )
}
