/** A line that stops at a gate: a hold point, as it is drawn in inspection plans. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 20 20" fill="none" className={className}>
      <rect x="1" y="1" width="18" height="18" rx="5" fill="var(--ink)" />
      <path d="M4 10h5" stroke="var(--inverse)" strokeWidth="1.8" strokeLinecap="round" />
      <path d="M11.4 5.4v9.2" stroke="oklch(0.79 0.15 70)" strokeWidth="2.2" strokeLinecap="round" />
      <circle cx="15.2" cy="10" r="1.1" fill="var(--inverse)" opacity="0.55" />
    </svg>
  )
}
