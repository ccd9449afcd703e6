import { commandsOf, type Procedure, type Running } from './procedure.ts'

const LIT_MS = 2000
/** For pressing the button, stepping before the kiosk, opening its door. */
const INPUTS_MS = 15_000

/** Lets each guide light shine in turn, and tells of every input that changes meanwhile and afterwards. */
export const lightsAndInputs: Procedure = async (running) => {
  const { lights } = commandsOf(running, 'auxiliaries')
  running.ask('watch-lights')
  let over = false
  const lit = shine(running).finally(() => {
    over = true
  })
  const seen = await Promise.all([lit, inputs(running, () => over)])
  if (lights.length === 0) running.find('no-lights')
  return seen[0]
}

async function shine(running: Running): Promise<boolean> {
  const { needs, signal } = running
  const board = commandsOf(running, 'auxiliaries')
  let good = true
  for (const device of board.lights) {
    try {
      await board.light(device, 'continuous')
      running.find('light-lit', { device }, true)
      await needs.clock.sleep(LIT_MS, signal)
    } catch (error) {
      signal.throwIfAborted()
      good = false
      running.find(
        'light-failed',
        { device, error: error instanceof Error ? error.message : String(error) },
        false,
      )
    } finally {
      await board.light(device, 'off').catch(() => {}) // told above, or the board is gone
    }
  }
  return good
}

/** Each state of each input once, until nothing came for a while after the lights. */
async function inputs(running: Running, lightsOver: () => boolean): Promise<void> {
  const seen = new Set<string>()
  for (;;) {
    const change = await running.waitFor({
      kind: 'auxiliaries',
      limitMs: INPUTS_MS,
      take(event) {
        if (event.type === 'call-button') return { input: event.type, state: 'pressed' }
        if (event.type === 'presence') return { input: event.type, state: String(event.present) }
        return { input: event.type, state: event.open ? 'open' : 'closed' }
      },
    })
    if (!change && !lightsOver()) continue
    if (!change) break
    const key = `${change.input} ${change.state}`
    if (!seen.has(key)) running.find('input-seen', change, true)
    seen.add(key)
  }
  if (seen.size === 0) running.find('no-input-seen')
}
