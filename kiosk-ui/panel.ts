/**
 * Sizes are given in millimetres (`--mm`). A launcher that knows the panel says so in the address,
 * `/?diagonal=21.5` in inches; without it the styles fit the layout to the window.
 */
export function pixelsPerMillimetre(
  search: string,
  screen: { readonly width: number; readonly height: number },
): number | undefined {
  const inches = Number(new URLSearchParams(search).get('diagonal'))
  if (!(inches >= 5 && inches <= 100)) return undefined
  return Math.hypot(screen.width, screen.height) / inches / 25.4
}
