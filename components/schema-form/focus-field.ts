/** The attribute by which a field is found again from an error's JSON pointer. */
export const pointerAttribute = 'data-pointer'

const CONTROLS = 'input:not([type=hidden]), textarea, select, button, [tabindex]'

/**
 * Brings the field at `pointer`, or the one that holds it, into sight and focuses its control.
 * @returns false where no field stands for it.
 */
export function focusField(root: ParentNode, pointer: string): boolean {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = root.querySelector(`[${pointerAttribute}="${CSS.escape(at)}"]`)
    const control =
      place?.querySelector<HTMLElement>(`input:checked, [aria-checked=true]`) ??
      place?.querySelector<HTMLElement>(CONTROLS)
    if (!control) continue
    control.focus({ preventScroll: true })
    place?.scrollIntoView({ block: 'center' })
    return true
  }
  return false
}
