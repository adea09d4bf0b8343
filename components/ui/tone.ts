/** How loudly something speaks. Colour appears only where a person is needed or something failed. */
export type Tone = 'neutral' | 'informative' | 'attention' | 'success' | 'danger' | 'danger-outline' | 'struck'
