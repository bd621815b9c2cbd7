/** The product's mark: a vehicle on a dark ground. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#17324d" />
      <path
        d="M6 20v-4.2c0-.8.5-1.5 1.2-1.8l2-.8 2-3.4c.4-.7 1.1-1.1 1.9-1.1h6.4c.7 0 1.3.3 1.7.9l2.6 3.8 1.7.5c.9.3 1.5 1.1 1.5 2V20h-2.3a3 3 0 0 0-5.8 0h-5.8a3 3 0 0 0-5.8 0z"
        fill="#fff"
      />
      <circle cx="10.2" cy="21" r="2.1" fill="#7fc4e8" />
      <circle cx="21.8" cy="21" r="2.1" fill="#7fc4e8" />
    </svg>
  );
}
