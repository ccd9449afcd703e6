import '../icon.css'

/** Line drawings of the technician's console, on a grid of 24 like those of the visitor's screens. */
const paths = {
  devices: 'M4 5.5h16v10H4ZM9 19.5h6M12 15.5v4M7.5 9h3M7.5 12h5',
  identify: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.2 15.2l5 5M8 10.5h5M10.5 8v5',
  configure: 'M4 7h9M17 7h3M15 5v4M4 12h3M11 12h9M9 10v4M4 17h10M18 17h2M16 15v4',
  test: 'M9 3.5h6M10 3.5v6l-4.6 8a2 2 0 0 0 1.7 3h9.8a2 2 0 0 0 1.7-3l-4.6-8v-6M8 14.5h8',
  wire: 'M3.5 12h3l2-6 3.5 12 3-9 1.5 3h4',
  proof: 'M12 3.5l7 2.8v5.4c0 4.4-3 7.3-7 8.8-4-1.5-7-4.4-7-8.8V6.3ZM8.6 12l2.4 2.4 4.4-4.6',
  accounts:
    'M9 11a3.3 3.3 0 1 0 0-6.6A3.3 3.3 0 0 0 9 11ZM3 19.5c.4-3.6 2.7-5.4 6-5.4s5.6 1.8 6 5.4M16 5a3 3 0 0 1 0 5.8M17.5 14.5c2 .6 3.2 2.3 3.5 5',
  check: 'M5 12.8l4.6 4.5L19 7.2',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  alert: 'M12 4l9 15.5H3ZM12 10v4.2M12 16.8v.3',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.2V12l3.2 2.2',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 11v5.5M12 7.6v.3',
  person: 'M12 11.2a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6ZM4.8 20.4c.6-4 3.4-6 7.2-6s6.6 2 7.2 6',
  back: 'M10 5.5L3.5 12l6.5 6.5M4 12h16.5',
  keyboard: 'M3 6.5h18v11H3ZM6.5 10h.1M10 10h.1M13.5 10h.1M17 10h.1M7.5 14h9',
  copy: 'M9 9h10.5v10.5H9ZM15 9V4.5H4.5V15H9',
  leaves: 'M4 12h15M13 6l6 6-6 6',
  arrives: 'M20 12H5M11 6l-6 6 6 6',
  backspace: 'M8 5.5h12.5v13H8L2.5 12ZM11.5 9.5l5 5M16.5 9.5l-5 5',
  cable: 'M8 3.5v4M13 3.5v4M5.5 7.5h10v3a5 5 0 0 1-10 0ZM10.5 15.5v1.5a3.5 3.5 0 0 0 7 0v-2',
  minus: 'M5 12h14',
} as const

export type ToolIconName = keyof typeof paths

export function ToolIcon({ name }: { readonly name: ToolIconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
