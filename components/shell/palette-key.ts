/** Which press opens the palette. Pure. */

export type PalettePress = Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey' | 'shiftKey'>

/** True for ⌘K or Ctrl K. On Apple's keyboards Ctrl K is the text field's: it deletes to the end of the line. */
export function opensPalette({ key, metaKey, ctrlKey, altKey, shiftKey }: PalettePress, isApple: boolean): boolean {
  return key.toLowerCase() === 'k' && (metaKey || (ctrlKey && !isApple)) && !altKey && !shiftKey
}
