const pressedMs = 5_000

/**
 * The technician's way in from a visitor's screen: the hall's name, pressed for five seconds. Nobody does that by
 * chance, and behind it stands a PIN.
 */
export function openTechnicianDoor(): void {
  let waiting: ReturnType<typeof setTimeout> | undefined
  const letGo = () => clearTimeout(waiting)
  addEventListener('pointerdown', ({ target }) => {
    letGo()
    if (!(target instanceof Element) || !target.closest('.header-name')) return
    waiting = setTimeout(() => location.assign(`/technician${location.search}`), pressedMs)
  })
  addEventListener('pointerup', letGo)
  addEventListener('pointercancel', letGo)
}
