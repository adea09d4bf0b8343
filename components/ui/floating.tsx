'use client'
import { type ComponentProps, createContext, type ReactNode, useContext, useState } from 'react'

const Container = createContext<HTMLElement | null>(null)
const SetContainer = createContext<(element: HTMLElement | null) => void>(() => {})

/**
 * Menus, lists of choices and popovers inside are put into the `FloatingMain` of the page rather than at the end of the
 * body, so that what they say belongs to a landmark. Without one they go to the body.
 */
export function FloatingProvider({ children }: { children: ReactNode }) {
  const [container, setContainer] = useState<HTMLElement | null>(null)
  return (
    <SetContainer value={setContainer}>
      <Container value={container}>{children}</Container>
    </SetContainer>
  )
}

/** The `main` of the page, and the place of what floats above it. */
export function FloatingMain(props: ComponentProps<'main'>) {
  return <main {...props} ref={useContext(SetContainer)} />
}

/** Inside a dialog they go to the body again: the page is behind it. */
export function FloatingInBody({ children }: { children: ReactNode }) {
  return <Container value={null}>{children}</Container>
}

/** The element for a portal; undefined: the body. */
export function useFloatingContainer(): HTMLElement | undefined {
  return useContext(Container) ?? undefined
}
