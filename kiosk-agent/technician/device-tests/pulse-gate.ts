import { commandsOf, type Procedure, seconds } from './procedure.ts'

/** Opens the gate once and looks whether somebody can pass. The lane commands it, as for every visitor. */
export const pulseGate: Procedure = async (running) => {
  const { needs, by, signal } = running
  const { clock, terminal } = needs
  const gate = commandsOf(running, 'gate')
  if (!gate.seesFire) running.find('fire-not-wired')
  let openedAt = clock.monotonic()
  const { outcome, error, passed } = await needs.pulse({
    by,
    signal,
    onOpened() {
      openedAt = clock.monotonic()
      if (gate.seesPassage) running.ask('walk-through')
    },
  })
  const why = error === undefined ? {} : { error }
  if (outcome === 'not-sent') running.find('pulse-not-sent', why, false)
  if (outcome === 'unconfirmed') running.find('pulse-unconfirmed', why)
  if (outcome === 'confirmed') running.find('pulse-confirmed', {}, true)
  signal.throwIfAborted()
  if (outcome === 'not-sent') return false
  if (passed === undefined) {
    running.find('passage-not-wired')
    return outcome === 'confirmed'
  }
  if (passed) running.find('passed', { seconds: seconds(clock.monotonic() - openedAt) }, true)
  else running.find('nobody-passed', { seconds: seconds(terminal.passageMs) }, false)
  return passed
}
