import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '../../../kiosk-agent/api/contract.ts'
import { startTerminal } from '../../../kiosk-agent/terminal-main.ts'
import { openScreen } from '../../support/screen-client.ts'

/** A whole demo terminal that is going to be killed: visitors come without a pause. Tells its parent when it is in service. */
export interface InService {
  /** Gate pulses since this run began. */
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
process.send?.({ pulses: screen.bench.pulses } satisfies InService)
for (let visitor = 0; ; visitor++) await visit(visitor % 4 !== 3)

async function visit(walks: boolean): Promise<void> {
  const last = screen.snapshot.outcome?.id
  const decided = ({ outcome }: Snapshot) => outcome !== null && outcome.id !== last
  await screen.act({ type: 'set-temperature', centiCelsius: 3650 })
  await screen.act({ type: 'lay-card', person: 'li' })
  const { session } = await screen.until(({ session }) => session !== null, 'a session')
  await screen.act({ type: 'show-code', code: 'YKMDEMO:li' })
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
