import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '../../../kiosk-agent/api/contract.ts'
import { startTerminal } from '../../../kiosk-agent/terminal-main.ts'
import { openScreen } from '../../support/screen-client.ts'

/** A whole demo terminal that is going to be killed: visitors come without a pause. What it tells its parent. */
export interface Told {
  /** Gate pulses of this run: first when it came into service, then after each visitor. */
  readonly pulses: number
}

const [dataFolder = ''] = process.argv.slice(2)
process.on('disconnect', () => process.exit())

const terminal = await startTerminal({
  terminalFile: new URL('../../../config/terminals/demo.json', import.meta.url).pathname,
  dataFolder,
  screens: { folder: dataFolder, build: 'test' },
  log: () => {},
  port: 0,
})
const screen = await openScreen(terminal.launchUrl())
await screen.until(({ service }) => service.state === 'in-service', 'a terminal in service')
while (!screen.bench) await sleep(5)
const tell = () => process.send?.({ pulses: screen.bench?.pulses ?? 0 } satisfies Told)
tell()
for (let visitor = 0; ; visitor++) {
  // Two by turns: a scanner takes a code shown again at once for the one it has read already.
  await visit(visitor % 2 === 0 ? 'li' : 'zhang', visitor % 4 !== 3)
  tell()
}

async function visit(person: 'li' | 'zhang', walks: boolean): Promise<void> {
  const last = screen.snapshot.outcome?.id
  const decided = ({ outcome }: Snapshot) => outcome !== null && outcome.id !== last
  await screen.act({ type: 'set-temperature', centiCelsius: 3650 })
  await screen.act({ type: 'lay-card', person })
  const { session } = await screen.until(({ session }) => session !== null, 'a session')
  await screen.act({ type: 'show-code', code: `YKMDEMO:${person}` })
  await screen.send({ type: 'attest-mask', about: session?.id ?? null })
  await screen.until(decided, 'a decision')
  // Every fourth does not walk, and the next one comes while the gate still waits for that one.
  if (walks) {
    await screen.act({ type: 'walk-through' })
    await screen.until(({ outcome }) => outcome?.lane !== 'opening' && outcome?.lane !== 'open', 'a passage')
  }
  await screen.act({ type: 'take-card' })
  await screen.act({ type: 'nobody-at-thermometer' })
  await sleep(300)
}
